using System.Collections.Immutable;

namespace NasCluster.Core.Control.Sharing;

/// <summary>An evaluator as the directory knows it.</summary>
/// <param name="Evaluator">Who.</param>
/// <param name="Silo">The process it lives in; null while only a search has spoken of it.</param>
/// <param name="BatchSize">The most trials it takes in one lease.</param>
/// <param name="Loaded">Fingerprints of the super-networks it has in memory.</param>
/// <param name="IsDraining">Whether it takes no more work.</param>
/// <param name="Search">The search it is lent to; null if none.</param>
/// <param name="IsCalledBack">Whether that search was told to let it go.</param>
/// <param name="IsBusy">Whether that search said, when it enlisted last, that it works.</param>
public sealed record EvaluatorListing(
    EvaluatorId Evaluator,
    string? Silo,
    int BatchSize,
    ImmutableArray<string> Loaded,
    bool IsDraining,
    SearchId? Search,
    bool IsCalledBack,
    bool IsBusy)
{
    /// <summary>Trials it works on, as it said last itself.</summary>
    public int InHand { get; init; }

    /// <summary>What it has done, as it said last itself.</summary>
    public EvaluatorTally Tally { get; init; }

    /// <summary>What it does: busy if it says so, or the search that has it; one of them has heard of an assignment first.</summary>
    public EvaluatorActivity Activity =>
        IsDraining ? EvaluatorActivity.Draining : IsBusy || InHand > 0 ? EvaluatorActivity.Busy : EvaluatorActivity.Idle;
}
