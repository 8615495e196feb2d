using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using NasCluster.Contracts.Evaluators;
using NasCluster.Contracts.Searches;
using NasCluster.Core.Control.Sharing;
using NasCluster.Core.Telemetry;
using Orleans.Concurrency;

namespace NasCluster.Grains.Evaluators;

/// <inheritdoc cref="IEvaluatorDirectoryGrain"/>
/// <remarks>Who gets what is <see cref="EvaluatorDirectory"/>'s to decide.</remarks>
[KeepAlive, Reentrant]
internal sealed class EvaluatorDirectoryGrain(IOptions<DirectoryOptions> options, ISiloStatusOracle silos, TimeProvider time, SearchMetrics metrics) : Grain, IEvaluatorDirectoryGrain
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(500);

    private readonly HashSet<string> _silos = new(StringComparer.Ordinal);
    private EvaluatorDirectory _directory = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _directory = new EvaluatorDirectory(options.Value, time.GetUtcNow());
        this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(TickInterval, TickInterval) { KeepAlive = true, Interleave = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        metrics.Report((EvaluatorReading?)null);
        return Task.CompletedTask;
    }

    public Task AnnounceAsync(EvaluatorAnnouncement announcement, CancellationToken cancellation)
    {
        // An announcement may arrive after its silo was declared dead.
        if (IsDead(announcement.Silo))
        {
            return Task.CompletedTask;
        }

        _silos.Add(announcement.Silo);
        Tell(_directory.Announce(time.GetUtcNow(), announcement));
        return Task.CompletedTask;
    }

    public Task<LoanSheet> EnlistAsync(Enlistment enlistment, CancellationToken cancellation)
    {
        var reply = _directory.Enlist(time.GetUtcNow(), enlistment);
        Tell(reply.Changed);
        return Task.FromResult(reply.Sheet);
    }

    public Task LeaveAsync(SearchId search, CancellationToken cancellation)
    {
        Tell(_directory.Leave(time.GetUtcNow(), search));
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<EvaluatorListing>> ListAsync(CancellationToken cancellation) => Task.FromResult(_directory.Evaluators);

    private Task TickAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var silo in _silos.Where(IsDead).ToArray())
        {
            _silos.Remove(silo);
            Tell(_directory.LoseSilo(now, silo));
        }

        Tell(_directory.Tick(now));
        var evaluators = _directory.Evaluators;
        var busy = evaluators.Count(e => e.IsBusy);
        metrics.Report(new EvaluatorReading(busy, evaluators.Length - busy));
        return Task.CompletedTask;
    }

    private bool IsDead(string silo) => silos.GetApproximateSiloStatus(SiloAddress.FromParsableString(silo)) is SiloStatus.Dead or SiloStatus.None;

    private void Tell(ImmutableArray<SearchId> changed)
    {
        foreach (var search in changed)
        {
            GrainFactory.GetGrain<IPopulationGrain>(search.Value).LoansChangedAsync().Ignore();
        }
    }
}
