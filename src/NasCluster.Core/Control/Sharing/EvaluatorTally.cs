using NasCluster.Core.Search;

namespace NasCluster.Core.Control.Sharing;

/// <summary>What an evaluator has done in its life, for whatever searches, as it counts itself.</summary>
/// <param name="Evaluations">Evaluations ended, those that failed included.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="Evaluating">The time all of them took, super-networks loaded for them included; not that of work taken back, which ended none.</param>
public readonly record struct EvaluatorTally(long Evaluations, long Failed, TimeSpan Evaluating)
{
    /// <summary>The tally after one lease more.</summary>
    /// <param name="outcomes">What came of it; nothing, if it was taken back.</param>
    /// <param name="took">How long it took.</param>
    public EvaluatorTally After(IReadOnlyCollection<EvaluationOutcome> outcomes, TimeSpan took)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        return outcomes.Count == 0 ? this : new EvaluatorTally(
            Evaluations + outcomes.Count, Failed + outcomes.Count(outcome => !outcome.IsSuccess), Evaluating + took);
    }
}
