using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Core.Control;

/// <summary>An evaluation is about to start.</summary>
/// <param name="Lease">Under which lease.</param>
/// <param name="Trial">Which trial.</param>
/// <param name="Evaluator">Who works on it.</param>
/// <param name="At">When it was decided.</param>
public sealed record StartRecord(LeaseId Lease, TrialId Trial, EvaluatorId Evaluator, DateTimeOffset At);

/// <summary>One line of the outcome log, the truth of a search: everything else can be rebuilt from the log.</summary>
/// <param name="Sequence">Place in the log: 0, 1, 2, ... without gaps; also the order in which the search was told.</param>
/// <param name="Trial">Which trial.</param>
/// <param name="Key">Its evaluation key.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Source">Where the outcome came from.</param>
/// <param name="At">When it was taken.</param>
public sealed record OutcomeRecord(long Sequence, Trial Trial, EvaluationKey Key, EvaluationOutcome Outcome, OutcomeSource Source, DateTimeOffset At);

/// <summary>Where an outcome came from.</summary>
public enum OutcomeSource
{
    /// <summary>An evaluator computed it.</summary>
    Evaluated,

    /// <summary>It was known: from the cache, or from another trial of this search with the same key.</summary>
    Remembered,

    /// <summary>The trial was given up after repeated failures or losses.</summary>
    Parked,
}

/// <summary>The search's state after the outcomes before <paramref name="Position"/>.</summary>
/// <param name="Position">How many outcomes of the log it covers.</param>
/// <param name="NextLease">A lease number above every one ever used, so that reports from before a crash are recognised.</param>
/// <param name="Search">The search's own state.</param>
public sealed record ControllerSnapshot(long Position, long NextLease, SearchSnapshot Search);
