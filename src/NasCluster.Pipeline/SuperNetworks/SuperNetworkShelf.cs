using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Measurements;

namespace NasCluster.Pipeline.SuperNetworks;

/// <summary>The super-networks of one device: each loaded once, whatever the number of its users, and kept as long as memory allows.</summary>
/// <remarks>
/// <para>
/// Several lie side by side, such as those of two searches, or two versions during a roll-out. One that nobody uses any more stays for the
/// next user while all together fit the budget; the one given back longest ago goes first, before the next is loaded. One in use never
/// goes, so the budget may be exceeded by what is used at once.
/// </para>
/// <para>Safe to use from several threads at once.</para>
/// </remarks>
public sealed class SuperNetworkShelf : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ShelfEntry> _entries = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _budgetBytes;

    /// <summary>Every removal so far; a load waits for those before it, so that what they free is free.</summary>
    private Task _removals = Task.CompletedTask;
    private Task? _closing;
    private long _uses;

    /// <summary>Makes an empty shelf.</summary>
    /// <param name="budgetBytes">How much may be kept, in bytes, as counted in <see cref="AcquireAsync"/>; 0 keeps nothing that is not in use.</param>
    public SuperNetworkShelf(long budgetBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budgetBytes);
        _budgetBytes = budgetBytes;
    }

    /// <summary>The device's gate, for every evaluator on it.</summary>
    public DeviceGate Gate { get; } = new();

    /// <summary>Bytes of all super-networks here or on their way here.</summary>
    public long HeldBytes
    {
        get
        {
            lock (_lock)
            {
                return Held();
            }
        }
    }

    /// <summary>Keys of the super-networks that are in memory.</summary>
    public ImmutableArray<string> Loaded
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries.Where(e => e.Value.Network is not null).Select(e => e.Key).Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>The use of a super-network, which is loaded if it is not here.</summary>
    /// <param name="key">What it is known by: its fingerprint, and whatever else of the engine differs between networks on this shelf.</param>
    /// <param name="bytes">Memory it takes on the device; counts from the moment it is loaded.</param>
    /// <param name="open">
    /// Loads it, on a thread of its own. Its token is cancelled when all who waited have given up. Of several given for one key at once, one is called.
    /// </param>
    /// <param name="cancellation">Gives up waiting; the load goes on for the others, if there are any.</param>
    /// <returns>The lease, to be disposed of.</returns>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    /// <exception cref="ObjectDisposedException">The shelf is disposed of.</exception>
    /// <remarks>A failure of <paramref name="open"/> goes to all who wait for it; the next call tries again.</remarks>
    public async Task<SuperNetworkLease> AcquireAsync(
        string key, long bytes, Func<CancellationToken, ISuperNetwork> open, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentNullException.ThrowIfNull(open);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var entry = Enter(key, bytes, open);
            ISuperNetwork? network = null;
            try
            {
                network = await entry.Loaded.Task.WaitAsync(cancellation).ConfigureAwait(false);
            }
            finally
            {
                if (network is null)
                {
                    Leave(entry);
                }
            }

            // Else those who had waited before gave the load up just as this one came; it starts another.
            if (network is not null)
            {
                return new SuperNetworkLease(network, () => Leave(entry));
            }
        }
    }

    /// <summary>Gives up what is being loaded, waits until every lease is given back, and disposes of all super-networks.</summary>
    public async ValueTask DisposeAsync()
    {
        ShelfEntry[] loading = [];
        Task closing;
        lock (_lock)
        {
            if (_closing is null)
            {
                _closing = CloseAsync();
                loading = [.. _entries.Values.Where(e => e.Network is null)];
                MakeRoom();
                if (_entries.Count == 0)
                {
                    _emptied.TrySetResult();
                }
            }

            closing = _closing;
        }

        foreach (var entry in loading)
        {
            entry.GivenUp.Cancel();
        }

        await closing.ConfigureAwait(false);
    }

    private ShelfEntry Enter(string key, long bytes, Func<CancellationToken, ISuperNetwork> open)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closing is not null, this);
            if (!_entries.TryGetValue(key, out var entry))
            {
                entry = new ShelfEntry(key, bytes);
                _entries.Add(key, entry);
                MakeRoom();
                var before = _removals;
                _ = Task.Factory.StartNew(() => Load(entry, open, before), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }

            entry.Users++;
            return entry;
        }
    }

    private void Load(ShelfEntry entry, Func<CancellationToken, ISuperNetwork> open, Task before)
    {
        ISuperNetwork? network = null;
        Exception? failure = null;
        try
        {
            // A removal that fails is told of on disposal; it is no fault of this network.
            before.ContinueWith(_ => { }, TaskScheduler.Default).Wait(entry.GivenUp.Token);
            network = open(entry.GivenUp.Token) ?? throw new InvalidOperationException($"Nothing was opened for super-network {entry.Key}.");
        }
        catch (OperationCanceledException) when (entry.GivenUp.IsCancellationRequested)
        {
            // Nobody waits for it.
        }
        catch (Exception e)
        {
            failure = e;
        }

        lock (_lock)
        {
            entry.Network = network;
            entry.LastUsed = ++_uses;
            if (network is null)
            {
                Forget(entry);
            }

            MakeRoom();
        }

        if (failure is null)
        {
            entry.Loaded.SetResult(network);
        }
        else
        {
            entry.Loaded.SetException(failure);
            _ = entry.Loaded.Task.Exception; // Seen, also if all who waited have left.
        }
    }

    private void Leave(ShelfEntry entry)
    {
        bool isGivenUp;
        lock (_lock)
        {
            entry.Users--;
            entry.LastUsed = ++_uses;
            isGivenUp = entry.Users == 0 && entry.Network is null;
            MakeRoom();
        }

        if (isGivenUp)
        {
            // Outside the lock, since whatever listens to the token runs here. Who joins in between finds nothing loaded, and loads again.
            entry.GivenUp.Cancel();
        }
    }

    /// <summary>Takes idle networks off the shelf until the rest fits the budget; all of them once it closes.</summary>
    private void MakeRoom()
    {
        var budget = _closing is null ? _budgetBytes : -1;
        while (Held() > budget && _entries.Values.Where(e => e.IsIdle).MinBy(e => e.LastUsed) is { } oldest)
        {
            var network = oldest.Network!;
            Forget(oldest);
            var removal = Task.Run(network.Dispose);
            _removals = _removals.IsCompletedSuccessfully ? removal : Task.WhenAll(_removals, removal);
        }
    }

    private void Forget(ShelfEntry entry)
    {
        _entries.Remove(entry.Key);
        if (_closing is not null && _entries.Count == 0)
        {
            _emptied.TrySetResult();
        }
    }

    private long Held() => _entries.Values.Sum(e => e.Bytes);

    private async Task CloseAsync()
    {
        await _emptied.Task.ConfigureAwait(false);
        Task removals;
        lock (_lock)
        {
            removals = _removals;
        }

        await removals.ConfigureAwait(false);
    }
}
