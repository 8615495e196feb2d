using System.Collections.Immutable;
using NasCluster.Core.Control.Sharing;

namespace NasCluster.Contracts.Evaluators;

/// <summary>Knows which evaluators live, and shares them among the searches. There is one, with key 0.</summary>
/// <remarks>
/// Everybody says again every two seconds what they say here, so that it needs no storage and lost messages heal by themselves. What goes to a
/// silo on its way out may never be answered: hence the short time-outs.
/// </remarks>
public interface IEvaluatorDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>An evaluator lives.</summary>
    [ResponseTimeout("00:00:03")]
    Task AnnounceAsync(EvaluatorAnnouncement announcement, CancellationToken cancellation);

    /// <summary>A search says what it needs and has.</summary>
    /// <returns>What it may have.</returns>
    [ResponseTimeout("00:00:03")]
    Task<LoanSheet> EnlistAsync(Enlistment enlistment, CancellationToken cancellation);

    /// <summary>A search needs nothing any more.</summary>
    Task LeaveAsync(SearchId search, CancellationToken cancellation);

    /// <summary>Every evaluator, by name.</summary>
    [ResponseTimeout("00:00:10")] // Watchers ask again, and the silo asked may have died.
    Task<ImmutableArray<EvaluatorListing>> ListAsync(CancellationToken cancellation);
}
