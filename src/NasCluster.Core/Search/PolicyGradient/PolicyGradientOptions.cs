using System.Collections.Immutable;
using NasCluster.Core.Search.Snapshots;
using NasCluster.Core.Spaces.Masks;

namespace NasCluster.Core.Search.PolicyGradient;

/// <summary>
/// Pruning by policy gradient, with forward passes only (arXiv 2406.10576): every bit of a mask has a probability to stay, and masks drawn from
/// these are scored, one batch of data for each step.
/// </summary>
/// <remarks>
/// The space is a <see cref="SampledMaskSpace"/>; the one objective is the loss, or a likelihood to be maximised. What comes of the search is no
/// front, but the probabilities at its end: <see cref="IMaskProbabilities"/>. The budget is counted in masks, so it should be a multiple of
/// the masks of a step; what is over is a last, smaller step.
/// </remarks>
public sealed record PolicyGradientOptions : AlgorithmOptions
{
    /// <summary>The probability each bit begins with, in [0, 1]; see <see cref="StartProbabilities"/>.</summary>
    public required ImmutableArray<double> Start { get; init; }

    /// <summary>Share of the KV groups and rotary pairs, taken together, that stay on average, in (0, 1].</summary>
    public required double AttentionShare { get; init; }

    /// <summary>Share of the MLP channels that stay on average, in (0, 1].</summary>
    public required double MlpShare { get; init; }

    /// <summary>Share of the layers that stay on average, in (0, 1], where layers are masked.</summary>
    public double LayerShare { get; init; } = 1;

    /// <summary>Greatest step of a probability per unit of gradient; falls to 0 along a cosine.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>T: the baseline forgets (1 - 1/T) of itself in a step; at least 1.</summary>
    public double BaselineWindow { get; init; } = 5;

    /// <summary>What scores are divided by.</summary>
    public ScoreScaling Scaling { get; init; } = ScoreScaling.Deviation;

    /// <summary>Added to s and to 1 - s where a score is divided by them, above 0.</summary>
    public double Epsilon { get; init; } = 1e-3;

    /// <inheritdoc/>
    public override string Algorithm => "policy_gradient";

    internal override int SnapshotVersion => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Require(!Start.IsDefault && Start.All(s => s is >= 0 and <= 1), "Start has values outside [0, 1], or none at all; there must be a probability for each bit.");
        RequireShare(nameof(AttentionShare), AttentionShare);
        RequireShare(nameof(MlpShare), MlpShare);
        RequireShare(nameof(LayerShare), LayerShare);
        Require(LearningRate > 0 && double.IsFinite(LearningRate), FormattableString.Invariant($"LearningRate is {LearningRate}; it must be finite and above 0."));
        Require(BaselineWindow >= 1 && double.IsFinite(BaselineWindow), FormattableString.Invariant($"BaselineWindow is {BaselineWindow}; it must be finite and at least 1."));
        Require(Enum.IsDefined(Scaling), $"Scaling is {Scaling}; it must be Deviation or Variance.");
        Require(Epsilon is > 0 and <= 0.5, FormattableString.Invariant($"Epsilon is {Epsilon}; it must be in (0, 0.5]."));
        return problems;

        void Require(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }

        void RequireShare(string name, double value) => Require(value is > 0 and <= 1, FormattableString.Invariant($"{name} is {value}; it must be in (0, 1]."));
    }

    /// <summary>The share of a pool that stays.</summary>
    internal double ShareOf(MaskPart part) => part switch
    {
        MaskPart.Layer => LayerShare,
        MaskPart.MlpChannel => MlpShare,
        _ => AttentionShare,
    };

    internal override void Describe(StateWriter writer)
    {
        writer.Write(Start.Length);
        foreach (var value in (IEnumerable<double>)[.. Start, AttentionShare, MlpShare, LayerShare, LearningRate, BaselineWindow, Epsilon])
        {
            writer.Write(value);
        }

        writer.Write((int)Scaling);
    }

    internal override ISearch Create(SearchOptions options, ISearchSpace space) => PolicyGradientSearch.Begin(this, options, Check(options, space));

    internal override ISearch Restore(SearchOptions options, ISearchSpace space, StateReader state) =>
        PolicyGradientSearch.Read(this, options, Check(options, space), state);

    private SampledMaskSpace Check(SearchOptions options, ISearchSpace space)
    {
        if (space is not SampledMaskSpace sampled)
        {
            throw new NasClusterException("A policy gradient draws masks by steps; this space is another.");
        }

        if (Start.Length != sampled.Masks.BitCount)
        {
            throw new NasClusterException($"Start has {Start.Length} probabilities; the space has {sampled.Masks.BitCount} bits, and each needs one.");
        }

        if (options.Objectives.Length != 1)
        {
            throw new NasClusterException($"A policy gradient follows one objective; the search has {options.Objectives.Length}.");
        }

        if (!options.InitialGenomes.IsDefaultOrEmpty)
        {
            throw new NasClusterException("A policy gradient draws all of its masks; it takes no initial genomes.");
        }

        return options.Budget <= (long)sampled.Steps * sampled.Samples
            ? sampled
            : throw new NasClusterException($"The budget is {options.Budget}; the space has {sampled.Steps} steps of {sampled.Samples} masks, and it must be no more than these.");
    }
}
