using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Pipeline.SuperNetworks;
using static NasCluster.Pipeline.Tests.SuperNetworks.ShelvedNetworks;

namespace NasCluster.Pipeline.Tests.SuperNetworks;

public sealed class SuperNetworkShelfTests
{
    private readonly ShelvedNetworks _networks = new();

    [Fact]
    public async Task AcquireAsync_ManyAtOnce_LoadOnceAndShareIt()
    {
        await using var shelf = new SuperNetworkShelf(100);
        using var go = new ManualResetEventSlim();
        var waiting = Enumerable.Range(0, 50).Select(_ => shelf.AcquireAsync("a", 10, _ => Open("a", 10, go), default)).ToArray();
        Assert.All(waiting, w => Assert.False(w.IsCompleted));

        go.Set();
        var leases = await Task.WhenAll(waiting);

        Assert.Single(leases.Select(l => l.Network).Distinct());
        Assert.Equal(1, _networks.Opened);
        Array.ForEach(leases, l => l.Dispose());
    }

    [Fact]
    public async Task AcquireAsync_SeveralNetworks_LieSideBySide()
    {
        await using var shelf = new SuperNetworkShelf(0);
        using var a = await Acquire(shelf, "a", 10);
        using var b = await Acquire(shelf, "b", 20);

        Assert.NotSame(a.Network, b.Network);
        Assert.Equal(30, shelf.HeldBytes);
    }

    [Fact]
    public async Task AcquireAsync_LoadsOfTwoNetworks_DoNotWaitForEachOther()
    {
        await using var shelf = new SuperNetworkShelf(100);
        using var go = new ManualResetEventSlim();
        var slow = shelf.AcquireAsync("slow", 10, _ => Open("slow", 10, go), default);

        using (await Acquire(shelf, "fast", 10))
        {
            Assert.False(slow.IsCompleted);
        }

        go.Set();
        (await slow).Dispose();
    }

    [Fact]
    public async Task Dispose_OfTheLastLease_KeepsTheNetworkForTheNext()
    {
        await using var shelf = new SuperNetworkShelf(10);
        (await Acquire(shelf, "a", 10)).Dispose();
        (await Acquire(shelf, "a", 10)).Dispose();

        Assert.Equal(1, _networks.Opened);
        Assert.Equal(10, shelf.HeldBytes);
    }

    [Fact]
    public async Task AcquireAsync_NoRoom_TheOneGivenBackLongestAgoIsGoneBeforeTheNextIsOpened()
    {
        await using var shelf = new SuperNetworkShelf(30);
        using (await Acquire(shelf, "a", 10))
        using (await Acquire(shelf, "b", 10))
        {
            (await Acquire(shelf, "c", 10)).Dispose();
        }

        // Given back: c, b, a. In use again: c.
        using var c = await Acquire(shelf, "c", 10);
        string[]? there = null;
        (await shelf.AcquireAsync("d", 10, _ =>
        {
            there = _networks.OpenKeys;
            return _networks.Open("d", 10);
        }, default)).Dispose();

        Assert.Equal(["a", "c"], there!);
        Assert.Equal(30, shelf.HeldBytes);
    }

    [Fact]
    public async Task Dispose_OfALease_TwiceCountsOnceAndTheNetworkCannotBeReachedThroughItAnyMore()
    {
        await using var shelf = new SuperNetworkShelf(0);
        var first = await Acquire(shelf, "a", 10);
        using var second = await Acquire(shelf, "a", 10);
        first.Dispose();
        first.Dispose();

        Assert.True(((ShelvedNetwork)second.Network).IsOpen);
        Assert.Equal(10, shelf.HeldBytes);
        Assert.Throws<ObjectDisposedException>(() => first.Network);
    }

    [Fact]
    public async Task AcquireAsync_LoadFails_AllWhoWaitAreToldAndTheNextTriesAgain()
    {
        await using var shelf = new SuperNetworkShelf(100);
        using var go = new ManualResetEventSlim();
        var waiting = Enumerable.Range(0, 5).Select(_ => shelf.AcquireAsync("a", 10, _ => Fail(), default)).ToArray();

        go.Set();
        foreach (var one in waiting)
        {
            Assert.Equal("The disk is gone.", (await Assert.ThrowsAsync<NasClusterException>(() => one)).Message);
        }

        Assert.Equal(0, shelf.HeldBytes);
        using var lease = await Acquire(shelf, "a", 10);
        Assert.Equal("a", lease.Network.Info.Fingerprint);

        ISuperNetwork Fail()
        {
            go.Wait();
            throw new NasClusterException("The disk is gone.");
        }
    }

    [Fact]
    public async Task AcquireAsync_OneGivesUp_TheOthersGetTheNetwork()
    {
        await using var shelf = new SuperNetworkShelf(100);
        using var go = new ManualResetEventSlim();
        using var patience = new CancellationTokenSource();
        var impatient = shelf.AcquireAsync("a", 10, _ => Open("a", 10, go), patience.Token);
        var patient = shelf.AcquireAsync("a", 10, _ => Open("a", 10, go), default);

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        go.Set();

        (await patient).Dispose();
        Assert.Equal(1, _networks.Opened);
    }

    [Fact]
    public async Task AcquireAsync_AllGiveUp_TheLoadIsCancelledAndWhoComesMeanwhileLoadsAgain()
    {
        await using var shelf = new SuperNetworkShelf(100);
        using var go = new ManualResetEventSlim();
        using var patience = new CancellationTokenSource();
        var impatient = shelf.AcquireAsync("a", 10, Hang, patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);

        var next = Acquire(shelf, "a", 10);
        Assert.False(next.IsCompleted);
        go.Set();

        using var lease = await next;
        Assert.Equal(1, _networks.Opened);

        ISuperNetwork Hang(CancellationToken given)
        {
            given.WaitHandle.WaitOne();
            go.Wait(CancellationToken.None);
            throw new OperationCanceledException(given);
        }
    }

    [Fact]
    public async Task AcquireAsync_GivenUpLoadEndsAllTheSame_IsKeptForTheNext()
    {
        await using var shelf = new SuperNetworkShelf(100);
        using var go = new ManualResetEventSlim();
        using var patience = new CancellationTokenSource();
        var impatient = shelf.AcquireAsync("a", 10, _ => Open("a", 10, go), patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);

        var next = Acquire(shelf, "a", 10);
        go.Set();

        (await next).Dispose();
        Assert.Equal(1, _networks.Opened);
    }

    [Fact]
    public async Task DisposeAsync_LeasesOut_WaitsForThemAndLeavesNothingOpen()
    {
        var shelf = new SuperNetworkShelf(100);
        (await Acquire(shelf, "idle", 10)).Dispose();
        var a = await Acquire(shelf, "a", 10);
        var b = await Acquire(shelf, "b", 10);

        var disposal = shelf.DisposeAsync().AsTask();
        a.Dispose();
        Assert.False(disposal.IsCompleted);
        Assert.True(((ShelvedNetwork)b.Network).IsOpen);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Acquire(shelf, "b", 10));
        b.Dispose();

        await disposal;
        await shelf.DisposeAsync();
        Assert.Empty(_networks.OpenKeys);
    }

    [Fact]
    public async Task DisposeAsync_LoadUnderWay_IsGivenUpAndWhoWaitsIsRefused()
    {
        var shelf = new SuperNetworkShelf(100);
        var waiting = shelf.AcquireAsync("a", 10, given =>
        {
            given.WaitHandle.WaitOne();
            throw new OperationCanceledException(given);
        }, default);

        await shelf.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
    }

    [Fact]
    public async Task DisposeAsync_NetworkThatCannotBeDisposedOf_IsTold()
    {
        var shelf = new SuperNetworkShelf(0);
        var network = _networks.Open("a", 10);
        (await shelf.AcquireAsync("a", 10, _ => network, default)).Dispose();
        network = _networks.Open("b", 10);
        network.Dispose();
        (await shelf.AcquireAsync("b", 10, _ => network, default)).Dispose();

        // The shelf goes on meanwhile.
        (await Acquire(shelf, "c", 10)).Dispose();
        await Assert.ThrowsAnyAsync<Exception>(async () => await shelf.DisposeAsync());
        Assert.Empty(_networks.OpenKeys);
    }

    /// <summary>Random sequences of use against a plain list of what must be there.</summary>
    [Fact]
    public async Task AcquireAsync_AnySequence_KeepsWhatAListWouldKeep()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var networks = new ShelvedNetworks();
            var budget = random.Next(0, 60);
            var sizes = Enumerable.Range(0, 6).ToDictionary(i => $"{i}", _ => random.Next(1, 30));
            var shelf = new SuperNetworkShelf(budget);
            var leases = new List<SuperNetworkLease>();
            var order = new List<string>(); // Longest unused first.
            var expectedOpened = 0;
            for (var step = 0; step < 60; step++)
            {
                if (random.Next(2) == 0 && leases.Count > 0)
                {
                    var lease = leases[random.Next(leases.Count)];
                    leases.Remove(lease);
                    var given = lease.Network.Info.Fingerprint;
                    lease.Dispose();
                    order.Remove(given);
                    order.Add(given);
                    Evict(null);
                }
                else
                {
                    var key = $"{random.Next(6)}";
                    if (!order.Contains(key))
                    {
                        expectedOpened++;
                        order.Add(key);
                        Evict(key);
                    }

                    leases.Add(await shelf.AcquireAsync(key, sizes[key], _ =>
                    {
                        // What had to go is gone before this takes memory.
                        Assert.Equal(order.Where(k => k != key).Order(StringComparer.Ordinal), networks.OpenKeys);
                        return networks.Open(key, sizes[key]);
                    }, default));
                }

                Assert.Equal(order.Sum(k => sizes[k]), shelf.HeldBytes);
                Assert.All(leases, l => Assert.True(((ShelvedNetwork)l.Network).IsOpen));
            }

            Assert.Equal(expectedOpened, networks.Opened);
            leases.ForEach(l => l.Dispose());
            await shelf.DisposeAsync();
            Assert.Empty(networks.OpenKeys);

            void Evict(string? loading)
            {
                var used = leases.Select(l => l.Network.Info.Fingerprint).Append(loading).ToHashSet();
                while (order.Sum(k => sizes[k]) > budget && order.Find(k => !used.Contains(k)) is { } oldest)
                {
                    order.Remove(oldest);
                }
            }
        }
    }

    /// <summary>Eight users at once, with loads that fail and users that give up: never two of one network, never one closed in use, nothing left.</summary>
    [Fact]
    public async Task AcquireAsync_ManyUsersAtOnce_NeverTwoOfOneNorOneClosedInUse()
    {
        var shelf = new SuperNetworkShelf(25);
        var used = await Task.WhenAll(Enumerable.Range(0, 8).Select(user => Task.Run(async () =>
        {
            var random = new Random(user);
            var count = 0;
            for (var i = 0; i < 300; i++)
            {
                var key = $"{random.Next(4)}";
                using var patience = new CancellationTokenSource();
                var (fails, givesUp) = (random.Next(10) == 0, random.Next(10) == 0);
                var acquiring = shelf.AcquireAsync(key, 10, _ => fails ? throw new NasClusterException("no") : _networks.Open(key, 10), patience.Token);
                if (givesUp)
                {
                    await patience.CancelAsync();
                }

                try
                {
                    using var lease = await acquiring;
                    await Task.Yield();
                    Assert.True(((ShelvedNetwork)lease.Network).IsOpen);
                    Assert.Equal(key, lease.Network.Info.Fingerprint);
                    count++;
                }
                catch (NasClusterException)
                {
                    // Its own load, or that of another it had joined.
                }
                catch (OperationCanceledException) when (givesUp)
                {
                }
            }

            return count;
        })));

        await shelf.DisposeAsync();
        Assert.Empty(_networks.OpenKeys);
        Assert.True(used.Sum() > 1000, $"{used.Sum()} leases");
    }

    private Task<SuperNetworkLease> Acquire(SuperNetworkShelf shelf, string key, long bytes) =>
        shelf.AcquireAsync(key, bytes, _ => _networks.Open(key, bytes), default);

    private ShelvedNetwork Open(string key, long bytes, ManualResetEventSlim go)
    {
        go.Wait();
        return _networks.Open(key, bytes);
    }
}
