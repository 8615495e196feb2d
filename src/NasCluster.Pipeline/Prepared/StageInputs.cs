using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Specification;

namespace NasCluster.Pipeline.Prepared;

/// <summary>What the stages around a prepared search begin with, and what those that have ended have left.</summary>
/// <param name="Calibration">The calibration part in windows of the data, as many as importance and repair take; null where neither is asked for.</param>
/// <param name="PolicyGradient">The calibration part in windows of the policy gradient; null where there is none.</param>
/// <param name="Done">What has ended, in the order of <see cref="StageSequence"/>.</param>
public sealed record StageInputs(PreparedPart? Calibration, PreparedPart? PolicyGradient, ImmutableArray<StageContent> Done)
{
    /// <summary>Of a search without stages.</summary>
    public static StageInputs None { get; } = new(null, null, []);

    /// <inheritdoc/>
    public bool Equals(StageInputs? other) =>
        other is not null && Calibration == other.Calibration && PolicyGradient == other.PolicyGradient && Done.SequenceEqual(other.Done);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Calibration, PolicyGradient, Done.Length);

    /// <summary>Fails unless they are those of a specification.</summary>
    /// <exception cref="NasClusterException">A part is missing or too many, or what has ended is not what comes first.</exception>
    internal void Check(SearchSpec spec)
    {
        Require(StageSequence.Calibrates(spec), Calibration, "calibration");
        Require(spec.Pruning.PolicyGradient.Steps > 0, PolicyGradient, "policy_gradient");
        var stages = StageSequence.Before(spec);
        if (!Done.Select(d => d.Stage).SequenceEqual(stages.Take(Done.Length)))
        {
            throw new NasClusterException(
                $"The prepared search contradicts itself: the stages done are {List(Done.Select(d => d.Stage))}; its specification asks for {List(stages)}, in this order.");
        }

        static void Require(bool isNeeded, PreparedPart? part, string name)
        {
            if (isNeeded != part?.Sets.Text is not null)
            {
                throw new NasClusterException($"The prepared search contradicts itself: its specification {(isNeeded ? "needs" : "has no use for")} a text for {name}.");
            }
        }

        static string List(IEnumerable<SearchStage> stages) => string.Join(", ", stages.Select(Words.Of)) is { Length: > 0 } list ? list : "none";
    }
}

/// <summary>What a stage has left.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Content">SHA-256 of its <see cref="Pruning.ScoresFile"/>, in lower-case hexadecimal.</param>
public sealed record StageContent(SearchStage Stage, string Content);
