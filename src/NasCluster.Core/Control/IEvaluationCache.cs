using System.Collections.Immutable;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Core.Control;

/// <summary>Outcomes remembered across searches, by evaluation key.</summary>
/// <remarks>
/// Only a saving of work: a search ends with the same front whether or not an outcome is remembered. So losing it does no harm, and a
/// host goes on without one that fails.
/// </remarks>
public interface IEvaluationCache
{
    /// <summary>The outcomes known for some keys.</summary>
    /// <exception cref="NasClusterException">The cache cannot be read.</exception>
    ImmutableDictionary<EvaluationKey, EvaluationOutcome> Find(IReadOnlyList<EvaluationKey> keys);

    /// <summary>Remembers successful evaluations; of two outcomes for one key the first stays.</summary>
    /// <param name="outcomes">Records of a log; those that failed or were remembered themselves are passed over.</param>
    /// <exception cref="NasClusterException">The cache cannot be written; none of the outcomes is remembered.</exception>
    void Remember(IReadOnlyList<OutcomeRecord> outcomes);
}
