using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Hosting;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Tests.Control.Simulation;
using Xunit.Abstractions;

namespace NasCluster.Core.Tests.Control.Hosting;

public sealed class SearchPumpTests(ITestOutputHelper output)
{
    /// <summary>How long an answer may take that must come at once: if it never comes, the test fails instead of hanging.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly DateTimeOffset At = ControllerScript.Start;
    private static readonly EvaluatorId A = new("a");

    [Fact]
    public async Task RunAsync_SearchToItsEnd_CarriesOutEveryEffectInOrder()
    {
        SearchPump pump = null!;
        var host = new ScriptedHost(effect => Answer(pump, effect));
        pump = Pump(new ListSearch(1, 2), host, new ControllerOptions { UseCache = true });
        pump.Post(new EvaluatorJoinedEvent(At, A, 2));

        Assert.Equal(FinishReason.Completed, await pump.RunAsync(CancellationToken.None));
        Assert.Equal(
            [
                "look up 1: key 1, key 2", "save 1: starts 1/0@a 1/1@a", "dispatch a 1: 0 1",
                "save 2: outcomes #0 0 Evaluated 0.5, #1 1 Evaluated 0.5", "publish #0 #1", "save 3: snapshot 2", "finish Completed",
            ],
            host.Lines);
    }

    [Fact]
    public async Task RunAsync_EveryKindOfEffect_ReachesTheHost()
    {
        SearchPump pump = null!;
        var host = new ScriptedHost(effect =>
        {
            if (effect is SaveEffect save)
            {
                pump.Post(new SavedEvent(At, save.Write));
            }
            else if (effect is DispatchEffect)
            {
                pump.Post(new EvaluatorDrainingEvent(At, A));
                pump.Post(new OutcomeReportedEvent(At, new LeaseId(99), new TrialId(0), EvaluationOutcome.Failed("of another search")));
                pump.Post(new StopRequestedEvent(At));
                pump.Post(new LeaseReleasedEvent(At, new LeaseId(1)));
            }
        });
        pump = Pump(new ListSearch(1), host);
        pump.Post(new EvaluatorJoinedEvent(At, A, 1));

        Assert.Equal(FinishReason.Stopped, await pump.RunAsync(CancellationToken.None));
        Assert.Equal(
            ["save 1: starts 1/0@a", "dispatch a 1: 0", "notice", "revoke a 1", "freed a", "save 2: snapshot 0", "finish Stopped"], host.Lines);
    }

    [Fact]
    public async Task RunAsync_OnASchedulerOfItsOwn_EffectsRunThereAndTheSearchDoesNot()
    {
        var scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var asked = new List<TaskScheduler>();
        var carriedOut = new List<TaskScheduler>();
        SearchPump pump = null!;
        var host = new ScriptedHost(effect =>
        {
            carriedOut.Add(TaskScheduler.Current);
            Answer(pump, effect);
        });
        var search = new ObservedSearch(new ListSearch(1, 2, 3), (_, _) => asked.Add(TaskScheduler.Current), (_, _) => asked.Add(TaskScheduler.Current));
        pump = Pump(search, host);
        pump.Post(new EvaluatorJoinedEvent(At, A, 1));
        await Task.Factory.StartNew(
            () => pump.RunAsync(CancellationToken.None), CancellationToken.None, TaskCreationOptions.None, scheduler).Unwrap();

        Assert.NotEmpty(asked);
        Assert.All(asked, used => Assert.Same(TaskScheduler.Default, used));
        Assert.NotEmpty(carriedOut);
        Assert.All(carriedOut, used => Assert.Same(scheduler, used));
    }

    [Fact]
    public async Task ReadAsync_BetweenEvents_SeesThoseBeforeItAndNoneAfter()
    {
        var pump = Pump(new ListSearch(1, 2), new ScriptedHost(_ => { }));
        var before = pump.ReadAsync(controller => controller.Evaluators.Length);
        pump.Post(new EvaluatorJoinedEvent(At, A, 1));
        var between = pump.ReadAsync(controller => controller.Evaluators.Length);
        pump.Post(new EvaluatorLostEvent(At, A));
        var after = pump.ReadAsync(controller => controller.Evaluators.Length);
        using var stop = new CancellationTokenSource();
        var run = pump.RunAsync(stop.Token);

        var seen = await Task.WhenAll(before, between, after);
        Assert.Equal([0, 1, 0], seen);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task ReadAsync_ReaderFails_FailsAloneAndTheRunGoesOn()
    {
        var pump = Pump(new ListSearch(1), new ScriptedHost(_ => { }));
        using var stop = new CancellationTokenSource();
        var run = pump.RunAsync(stop.Token);

        await Assert.ThrowsAsync<FormatException>(() => pump.ReadAsync<int>(_ => throw new FormatException()));
        Assert.Equal(1, await pump.ReadAsync(controller => controller.EvaluatorsWanted));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task RunAsync_SearchFails_EndsWithItsFailureAndSoDoesEveryRead()
    {
        var pump = Pump(new ListSearch(1, 2) { Batch = 0 }, new ScriptedHost(_ => { }));
        pump.Post(new EvaluatorJoinedEvent(At, A, 1));
        var waiting = pump.ReadAsync(controller => controller.Status);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => pump.RunAsync(CancellationToken.None));
        Assert.Contains("proposes nothing", failure.Message, StringComparison.Ordinal);
        Assert.Same(failure, (await Assert.ThrowsAsync<InvalidOperationException>(() => waiting.WaitAsync(Patience))).InnerException);
        await Assert.ThrowsAsync<InvalidOperationException>(() => pump.ReadAsync(controller => controller.Status));
        pump.Post(new TickEvent(At));
    }

    [Fact]
    public async Task RunAsync_HostFails_EndsWithItsFailureAndCarriesOutNothingMore()
    {
        var host = new ScriptedHost(_ => throw new FormatException());
        var pump = Pump(new ListSearch(1), host);
        pump.Post(new OutcomeReportedEvent(At, new LeaseId(99), new TrialId(0), EvaluationOutcome.Failed("of another search")));
        pump.Post(new EvaluatorJoinedEvent(At, A, 1));

        await Assert.ThrowsAsync<FormatException>(() => pump.RunAsync(CancellationToken.None));
        Assert.Equal(["notice"], host.Lines);
    }

    [Fact]
    public async Task RunAsync_Stopped_EndsAndASecondRunIsRefused()
    {
        var pump = Pump(new ListSearch(1), new ScriptedHost(_ => { }));
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pump.RunAsync(stop.Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => pump.RunAsync(CancellationToken.None));
    }

    /// <summary>It takes a fraction of a second; the bound still notices a pump that is slower than the controller by an order.</summary>
    [Fact]
    public async Task RunAsync_HundredThousandEventsFromFourThreads_HandlesEachOnce()
    {
        const int threads = 4;
        const int each = 25_000;
        var revoked = 0;
        SearchPump pump = null!;
        var host = new ScriptedHost(effect =>
        {
            revoked += effect is RevokeEffect ? 1 : 0;
            if (effect is SaveEffect save)
            {
                pump.Post(new SavedEvent(At, save.Write));
            }
        });
        pump = Pump(new ListSearch(1), host, new ControllerOptions { LeaseDuration = TimeSpan.FromSeconds(2) });
        pump.Post(new EvaluatorJoinedEvent(At, A, 1));
        var run = pump.RunAsync(CancellationToken.None);
        await Eventually(pump, status => status.Leases == 1);
        pump.Post(new TickEvent(At.AddSeconds(1)));
        pump.Post(new TickEvent(At.AddSeconds(2)));
        await Eventually(pump, status => status.LeasesExpired == 1);

        // A renewal of a lease that was taken back is answered: so each event can be counted.
        var before = Environment.CpuUsage.TotalTime;
        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < each; i++)
            {
                pump.Post(new LeaseRenewedEvent(At, new LeaseId(1)));
            }
        })));
        await pump.ReadAsync(controller => controller.Status);
        var took = Environment.CpuUsage.TotalTime - before;
        output.WriteLine($"{threads * each} events in {took.TotalMilliseconds:F0} ms of processor time");
        pump.Post(new StopRequestedEvent(At));
        Assert.Equal(FinishReason.Stopped, await run);

        Assert.Equal(1 + (threads * each), revoked);
        Assert.True(took < TimeSpan.FromSeconds(5), $"it took {took}");
    }

    private static SearchPump Pump(ISearch search, ScriptedHost host, ControllerOptions? options = null) =>
        new(new SearchController(search, ControllerScript.KeyOf, options ?? new ControllerOptions()), host);

    /// <summary>Reads until something holds: every read comes after what was posted before, so this waits for no clock.</summary>
    private static async Task Eventually(SearchPump pump, Func<ControllerStatus, bool> holds)
    {
        while (!holds(await pump.ReadAsync(controller => controller.Status)))
        {
            await Task.Yield();
        }
    }

    private static void Answer(SearchPump pump, ControllerEffect effect)
    {
        switch (effect)
        {
            case SaveEffect save:
                pump.Post(new SavedEvent(At, save.Write));
                break;
            case LookUpEffect lookUp:
                pump.Post(new LookedUpEvent(At, lookUp.LookUp, ImmutableDictionary<EvaluationKey, EvaluationOutcome>.Empty));
                break;
            case DispatchEffect dispatch:
                foreach (var trial in dispatch.Trials)
                {
                    pump.Post(new OutcomeReportedEvent(At, dispatch.Lease, trial.Id, ControllerScript.Value(0.5)));
                }

                break;
        }
    }
}
