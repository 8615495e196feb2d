using NasCluster.Core.Storage;

namespace NasCluster.Testing;

/// <summary>Cells that fail as storage over a network fails. The same seed and the same calls give the same failures.</summary>
/// <remarks>
/// A call fails before it had an effect, or after it; a conflict is reported where there is none; a write comes to nothing now, and
/// arrives later, when its sender has given it up; and now and then nothing works at all for ten seconds of <paramref name="time"/>.
/// Calls are answered before they return, so that calls made in parallel come in an order that repeats; late writes stand for those
/// that overtake each other.
/// </remarks>
/// <param name="inner">The cells that work.</param>
/// <param name="seed">Decides which calls fail, and how.</param>
/// <param name="time">The clock of outages.</param>
public sealed class FaultyStateCells(IStateCells inner, int seed, TimeProvider time) : IStateCells
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(10);

    private readonly Random _random = new(seed);
    private readonly List<Func<Task>> _late = [];
    private DateTimeOffset _downUntil = DateTimeOffset.MinValue;

    /// <summary>How many of a thousand calls fail.</summary>
    public int FailuresPerThousand { get; set; } = 100;

    /// <summary>How many of a thousand calls begin an outage.</summary>
    public int OutagesPerThousand { get; set; } = 5;

    /// <summary>How many calls failed.</summary>
    public int Failures { get; private set; }

    /// <summary>How many writes arrived after their senders had given them up.</summary>
    public int LateWrites { get; private set; }

    /// <inheritdoc/>
    public async ValueTask<StateCell?> ReadAsync(string name, CancellationToken cancellation)
    {
        var fault = await NextAsync();
        return fault == Fault.None ? await inner.ReadAsync(name, cancellation) : throw Fail(name, "did not answer");
    }

    /// <inheritdoc/>
    public async ValueTask<string> WriteAsync(string name, ReadOnlyMemory<byte> bytes, string? version, CancellationToken cancellation)
    {
        switch (await NextAsync())
        {
            case Fault.None:
                return await inner.WriteAsync(name, bytes, version, cancellation);
            case Fault.After:
                await inner.WriteAsync(name, bytes, version, cancellation);
                throw Fail(name, "answered 503, having written");
            case Fault.FalseConflict:
                Failures++;
                throw new StateCellConflictException($"Cell '{name}': storage answered 412 for no reason.");
            case Fault.Late:
                var copy = bytes.ToArray();
                _late.Add(async () => await inner.WriteAsync(name, copy, version, CancellationToken.None));
                throw Fail(name, "did not answer in time");
            default:
                throw Fail(name, "answered 503");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string name, string version, CancellationToken cancellation)
    {
        switch (await NextAsync())
        {
            case Fault.None:
                await inner.DeleteAsync(name, version, cancellation);
                return;
            case Fault.After:
                await inner.DeleteAsync(name, version, cancellation);
                throw Fail(name, "answered 503, having deleted");
            default:
                throw Fail(name, "answered 503");
        }
    }

    /// <summary>Lets the writes arrive that are still on their way.</summary>
    public async Task DeliverAsync()
    {
        while (_late.Count > 0)
        {
            await DeliverOneAsync();
        }
    }

    private async Task<Fault> NextAsync()
    {
        if (_late.Count > 0 && _random.Next(5) == 0)
        {
            await DeliverOneAsync();
        }

        if (time.GetUtcNow() < _downUntil)
        {
            return Fault.Before;
        }

        if (_random.Next(1000) < OutagesPerThousand)
        {
            _downUntil = time.GetUtcNow() + Outage;
            return Fault.Before;
        }

        return _random.Next(1000) < FailuresPerThousand ? (Fault)(1 + _random.Next(4)) : Fault.None;
    }

    private async Task DeliverOneAsync()
    {
        var at = _random.Next(_late.Count);
        var write = _late[at];
        _late.RemoveAt(at);
        try
        {
            await write();
            LateWrites++;
        }
        catch (StateCellConflictException)
        {
            // Nobody waits for the answer.
        }
    }

    private StateCellException Fail(string name, string how)
    {
        Failures++;
        return new StateCellException($"Cell '{name}': storage {how}.");
    }

    private enum Fault
    {
        None,
        Before,
        After,
        FalseConflict,
        Late,
    }
}
