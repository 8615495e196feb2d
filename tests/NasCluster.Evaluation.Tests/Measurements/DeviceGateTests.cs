using NasCluster.Evaluation.Measurements;

namespace NasCluster.Evaluation.Tests.Measurements;

public sealed class DeviceGateTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void Share_TwoAtOnce_BothEnter()
    {
        var gate = new DeviceGate();
        using var first = gate.Share(CancellationToken.None);
        using var second = gate.Share(CancellationToken.None);
        Assert.Equal((2, false, 0), gate.State);
    }

    [Fact]
    public async Task Exclude_WhileShared_WaitsAndHoldsLaterOnesBack()
    {
        var gate = new DeviceGate();
        var order = new List<string>();
        var first = gate.Share(CancellationToken.None);
        var alone = Enter(() => gate.Exclude(CancellationToken.None), "alone");
        WaitUntilBlocked(gate, 1);
        var later = Enter(() => gate.Share(CancellationToken.None), "later");
        WaitUntilBlocked(gate, 2);

        order.Add("first");
        first.Dispose();
        await Task.WhenAll(alone, later).WaitAsync(Patience);
        Assert.Equal(["first", "alone", "later"], order);

        Task Enter(Func<IDisposable> enter, string name) => Task.Factory.StartNew(
            () =>
            {
                using (enter())
                {
                    order.Add(name);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    [Fact]
    public async Task Exclude_CancelledWhileWaiting_LetsOthersIn()
    {
        var gate = new DeviceGate();
        using var source = new CancellationTokenSource();
        using var first = gate.Share(CancellationToken.None);
        var alone = Task.Factory.StartNew(() => gate.Exclude(source.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        WaitUntilBlocked(gate, 1);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => alone.WaitAsync(Patience));
        using var second = gate.Share(CancellationToken.None);
    }

    [Fact]
    public void Dispose_Twice_LeavesOnce()
    {
        var gate = new DeviceGate();
        using var first = gate.Share(CancellationToken.None);
        var second = gate.Share(CancellationToken.None);
        second.Dispose();
        second.Dispose();
        Assert.Equal((1, false, 0), gate.State);
    }

    [Fact]
    public void Enter_ManyThreads_NeverTwoWhenOneIsAlone()
    {
        var gate = new DeviceGate();
        var inside = 0;
        var broken = 0;
        var threads = Enumerable.Range(0, 4).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 2000; i++)
            {
                var alone = random.Next(4) == 0;
                using (alone ? gate.Exclude(CancellationToken.None) : gate.Share(CancellationToken.None))
                {
                    // Someone alone adds so much that nobody else can be inside without it showing.
                    var seen = Interlocked.Add(ref inside, alone ? 1000 : 1);
                    Interlocked.Add(ref broken, seen > 1000 || (alone && seen != 1000) ? 1 : 0);
                    Interlocked.Add(ref inside, alone ? -1000 : -1);
                }
            }
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => Assert.True(t.Join(Patience)));
        Assert.Equal((0, 0), (broken, inside));
        Assert.Equal((0, false, 0), gate.State);
    }

    private static void WaitUntilBlocked(DeviceGate gate, int count) => Assert.True(SpinWait.SpinUntil(() => gate.State.Waiting == count, Patience));
}
