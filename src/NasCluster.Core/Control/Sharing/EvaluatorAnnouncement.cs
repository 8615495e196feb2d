using System.Collections.Immutable;

namespace NasCluster.Core.Control.Sharing;

/// <summary>What an evaluator says of itself, again and again.</summary>
/// <param name="Evaluator">Who.</param>
/// <param name="Life">Which of its lives this is: a restarted evaluator gives a higher number, such as the time of its start. What an
/// earlier life held is lost, and what it still says is ignored.</param>
/// <param name="Silo">The process it lives in: it is lost with it.</param>
/// <param name="BatchSize">The most trials it takes in one lease, at least 1; the same for a whole life.</param>
/// <param name="Serves">Fingerprints of the super-networks it can serve; null if it can load any.</param>
/// <param name="Loaded">Fingerprints of those it has in memory: searches with one of these are served by it first.</param>
/// <param name="IsDraining">Whether it takes no more work.</param>
public sealed record EvaluatorAnnouncement(
    EvaluatorId Evaluator,
    long Life,
    string Silo,
    int BatchSize,
    ImmutableArray<string>? Serves,
    ImmutableArray<string> Loaded,
    bool IsDraining)
{
    /// <summary>Trials it works on, or is about to.</summary>
    public int InHand { get; init; }

    /// <summary>What it has done.</summary>
    public EvaluatorTally Tally { get; init; }
}
