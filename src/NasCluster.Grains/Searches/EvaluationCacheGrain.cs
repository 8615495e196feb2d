using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using NasCluster.Contracts.Searches;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Evaluations;
using NasCluster.Grains.Storage;
using Orleans.Concurrency;

namespace NasCluster.Grains.Searches;

/// <inheritdoc cref="IEvaluationCacheGrain"/>
/// <remarks>What it remembers is in storage a few seconds later, and a silo that dies takes no more than those with it.</remarks>
[KeepAlive, Reentrant]
internal sealed partial class EvaluationCacheGrain(CellStorage storage, ILogger<EvaluationCacheGrain> logger) : Grain, IEvaluationCacheGrain
{
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(5);
    private CellEvaluationCache _cache = null!;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _cache = new CellEvaluationCache(storage.OfCache(this.GetPrimaryKeyLong()));
        this.RegisterGrainTimer(SaveAsync, new GrainTimerCreationOptions(SaveInterval, SaveInterval) { KeepAlive = true, Interleave = true });

        // Without storage it remembers all the same, and reads what is there with the first save that works.
        await TryAsync(() => _cache.LoadAsync(cancellationToken));
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => SaveAsync(cancellationToken);

    public Task<ImmutableDictionary<EvaluationKey, EvaluationOutcome>> FindAsync(ImmutableArray<EvaluationKey> keys, CancellationToken cancellation) =>
        Task.FromResult(_cache.Find(keys));

    public Task RememberAsync(ImmutableArray<OutcomeRecord> outcomes, CancellationToken cancellation)
    {
        _cache.Remember(outcomes);
        return Task.CompletedTask;
    }

    private Task SaveAsync(CancellationToken cancellation) => TryAsync(() => _cache.SaveAsync(cancellation));

    private async Task TryAsync(Func<ValueTask> store)
    {
        try
        {
            await store();
        }
        catch (StateCellException exception)
        {
            LogNotStored(exception, this.GetPrimaryKeyLong()); // Tried again with the next save.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Shard {Shard} of remembered outcomes could not be read or stored.")]
    private partial void LogNotStored(Exception exception, long shard);
}
