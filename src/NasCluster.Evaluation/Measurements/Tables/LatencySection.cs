using System.Collections.Immutable;
using NasCluster.Core.Search;

namespace NasCluster.Evaluation.Measurements.Tables;

/// <summary>The times of one phase of work at one batch and length, in milliseconds.</summary>
/// <param name="Phase">What was timed.</param>
/// <param name="Batch">Sequences.</param>
/// <param name="Tokens">Tokens of each; in decoding those it began with.</param>
/// <param name="Rest">Embedding, last norm and head.</param>
/// <param name="Attention">The attention of one layer, for each option of <see cref="LayerKnots"/>: KV groups by rotary pairs, pairs fastest.</param>
/// <param name="Mlp">The MLP of one layer, for each option.</param>
/// <param name="Beyond">A million weights of the layers more than each of the sizes, on top of that.</param>
/// <param name="Fit">How well these times give those of the networks they were worked out from.</param>
/// <param name="Check">How well they predict networks that they were not worked out from.</param>
/// <param name="Noise">Median standard error of those networks' measured times, as a share: no prediction can seem better.</param>
public sealed record LatencySection(
    MeasuredPhase Phase, int Batch, int Tokens, ObjectiveValue Rest, ImmutableArray<ObjectiveValue> Attention, ImmutableArray<ObjectiveValue> Mlp,
    ImmutableArray<ObjectiveValue> Beyond, PredictionCheck Fit, PredictionCheck Check, double Noise)
{
    /// <summary>All times in the order of <see cref="LayerKnots.Weights"/>.</summary>
    internal IEnumerable<double> Times => [Rest.Value, .. Attention.Select(a => a.Value), .. Mlp.Select(m => m.Value), .. Beyond.Select(b => b.Value)];

    /// <inheritdoc/>
    public bool Equals(LatencySection? other) =>
        other is not null && (Phase, Batch, Tokens, Rest, Fit, Check, Noise) == (other.Phase, other.Batch, other.Tokens, other.Rest, other.Fit, other.Check, other.Noise)
        && Attention.AsSpan().SequenceEqual(other.Attention.AsSpan()) && Mlp.AsSpan().SequenceEqual(other.Mlp.AsSpan()) && Beyond.AsSpan().SequenceEqual(other.Beyond.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Phase, Batch, Tokens, Rest);
}
