using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Measurements;
using NasCluster.Evaluation.Measurements.Tables;

namespace NasCluster.Pipeline.Tests;

/// <summary>A latency table by formula, of everything that a specification may ask of a model.</summary>
internal static class GivenTable
{
    /// <summary>1 ms for the rest, 2 ms for an attention of one group, and a thousandth of each MLP channel.</summary>
    public static LatencyTable Of(SearchSpec spec, LlamaConfiguration configuration)
    {
        var protocol = EvaluatorOptions.From(spec with { Objectives = ["decode_ms"] }, configuration).Measurement;
        var check = new PredictionCheck(10, 0.01, 0.02, 0.03, 1);
        var (groups, channels) = (configuration.Layers.Max(l => l.KvHeadCount), configuration.Layers.Max(l => l.IntermediateSize));
        return new LatencyTable(
            LatencyModel.Of(configuration, "weights"), new("fake-1", "float64", "fake", "a clock", 1), DateTimeOffset.UnixEpoch, new(protocol.NewTokens, 2, 7, 5, 1),
            new([1, groups], [configuration.HeadSize / 2], [1, channels], []),
            [
                .. from phase in Enum.GetValues<MeasuredPhase>()
                from tokens in new[] { protocol.Tokens, EvaluatorOptions.From(spec, configuration).Measurement.Tokens }.Distinct()
                select new LatencySection(
                    phase, protocol.Batch, tokens, new(1, 0.1), [new(2, 0.1), new(2 * groups, 0.1)], [new(0.001, 0), new(0.001 * channels, 0)], [], check, check, 0.01),
            ]);
    }
}
