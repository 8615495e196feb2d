using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Core.Control;

/// <summary>The whole control loop of a search, once for every host: events in, effects out, nothing else.</summary>
/// <remarks>
/// <para>Pure and single-threaded: the host hands events in one at a time and carries the effects out in order.</para>
/// <para>
/// The log is the truth. A start is durable before its trial is dispatched, and an outcome is durable before the search is
/// told of it, so that a crash between any two effects loses nothing that anybody acted on.
/// </para>
/// </remarks>
public sealed class SearchController
{
    /// <summary>Makes a controller, new or recovered.</summary>
    /// <param name="search">A new search, or one restored from the snapshot of <paramref name="recovered"/>.</param>
    /// <param name="keyOf">The evaluation key of a genome; equal for genomes with one outcome.</param>
    /// <param name="options">How to dispatch.</param>
    /// <param name="recovered">What storage holds of this search; null for a new one. Outcomes after the snapshot are told again, in order.</param>
    /// <exception cref="NasClusterException">The log does not fit the search.</exception>
    public SearchController(ISearch search, Func<Genome, EvaluationKey> keyOf, ControllerOptions options, RecoveredState? recovered = null)
    {
        throw new NotImplementedException();
    }

    /// <summary>Takes one event.</summary>
    /// <returns>What to do, in order.</returns>
    public IReadOnlyList<ControllerEffect> Handle(ControllerEvent controllerEvent) => throw new NotImplementedException();
}

/// <summary>What storage holds of a search that ran before.</summary>
/// <param name="Snapshot">The latest snapshot; null if none was saved.</param>
/// <param name="NextLease">A lease number above every one in the start log.</param>
/// <param name="Outcomes">The whole outcome log, in order from 0.</param>
public sealed record RecoveredState(ControllerSnapshot? Snapshot, long NextLease, IReadOnlyList<OutcomeRecord> Outcomes);
