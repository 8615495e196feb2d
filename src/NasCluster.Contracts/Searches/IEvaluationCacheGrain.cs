using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Contracts.Searches;

/// <summary>Remembers outcomes across searches: one shard of them, by evaluation key.</summary>
public interface IEvaluationCacheGrain : IGrainWithIntegerKey
{
    /// <summary>The outcomes known for some keys of this shard.</summary>
    Task<ImmutableDictionary<EvaluationKey, EvaluationOutcome>> FindAsync(ImmutableArray<EvaluationKey> keys, CancellationToken cancellation);

    /// <summary>Remembers outcomes of this shard; of two for one key the first stays.</summary>
    Task RememberAsync(ImmutableArray<OutcomeRecord> outcomes, CancellationToken cancellation);
}
