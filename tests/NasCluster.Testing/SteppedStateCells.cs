using NasCluster.Core.Storage;

namespace NasCluster.Testing;

/// <summary>Cells whose calls wait until a test lets one of them go on, so that a seed decides how several callers interleave.</summary>
/// <param name="inner">The cells that do the work.</param>
public sealed class SteppedStateCells(IStateCells inner) : IStateCells
{
    private readonly List<TaskCompletionSource> _waiting = [];

    /// <inheritdoc/>
    public async ValueTask<StateCell?> ReadAsync(string name, CancellationToken cancellation)
    {
        await TurnAsync().ConfigureAwait(false);
        return await inner.ReadAsync(name, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<string> WriteAsync(string name, ReadOnlyMemory<byte> bytes, string? version, CancellationToken cancellation)
    {
        await TurnAsync().ConfigureAwait(false);
        return await inner.WriteAsync(name, bytes, version, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string name, string version, CancellationToken cancellation)
    {
        await TurnAsync().ConfigureAwait(false);
        await inner.DeleteAsync(name, version, cancellation).ConfigureAwait(false);
    }

    /// <summary>Begins several pieces of work and interleaves their calls until all are done.</summary>
    /// <param name="random">Picks whose call is next.</param>
    /// <param name="work">The pieces; they may wait for nothing but these cells.</param>
    public Task RunAsync(Random random, params IReadOnlyList<Func<Task>> work) => Task.Run(async () =>
    {
        // On a thread without a context continuations run where their calls are answered, so that only one runs at a time.
        var all = Task.WhenAll(work.Select(begin => begin()).ToArray());
        while (_waiting.Count > 0)
        {
            var next = _waiting[random.Next(_waiting.Count)];
            _waiting.Remove(next);
            next.SetResult();
        }

        if (!all.IsCompleted)
        {
            throw new InvalidOperationException("The work waits for something other than its cells.");
        }

        await all.ConfigureAwait(false);
    });

    private Task TurnAsync()
    {
        var turn = new TaskCompletionSource();
        _waiting.Add(turn);
        return turn.Task;
    }
}
