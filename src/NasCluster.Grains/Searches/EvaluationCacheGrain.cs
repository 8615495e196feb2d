using System.Collections.Immutable;
using NasCluster.Contracts.Searches;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using Orleans.Concurrency;

namespace NasCluster.Grains.Searches;

/// <inheritdoc cref="IEvaluationCacheGrain"/>
[KeepAlive, Reentrant]
internal sealed class EvaluationCacheGrain : Grain, IEvaluationCacheGrain
{
    private readonly Dictionary<EvaluationKey, EvaluationOutcome> _outcomes = [];

    public Task<ImmutableDictionary<EvaluationKey, EvaluationOutcome>> FindAsync(ImmutableArray<EvaluationKey> keys, CancellationToken cancellation)
    {
        var found = ImmutableDictionary.CreateBuilder<EvaluationKey, EvaluationOutcome>();
        foreach (var key in keys)
        {
            if (_outcomes.TryGetValue(key, out var outcome))
            {
                found[key] = outcome;
            }
        }

        return Task.FromResult(found.ToImmutable());
    }

    public Task RememberAsync(ImmutableArray<OutcomeRecord> outcomes, CancellationToken cancellation)
    {
        foreach (var record in outcomes.Where(r => r.Outcome.IsSuccess && r.Source == OutcomeSource.Evaluated))
        {
            _outcomes.TryAdd(record.Key, record.Outcome);
        }

        return Task.CompletedTask;
    }
}
