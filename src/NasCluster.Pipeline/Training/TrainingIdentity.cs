using System.Collections.Immutable;
using System.Globalization;
using NasCluster.Core.Spaces;
using NasCluster.Llama.Training;

namespace NasCluster.Pipeline.Training;

/// <summary>What decides the bits of a training, as lines of text: a saved state may go on only where all of them are the same.</summary>
internal static class TrainingIdentity
{
    public static string Of(
        string networkFingerprint, TrainingSet data, TrainingSet? heldOut, LlamaSpace? space, TrainingRunOptions options, string? teacherFingerprint, long reportEvery,
        string? engine)
    {
        string[] lines =
        [
            $"network {networkFingerprint}",
            $"data {data.Fingerprint}",
            $"held-out data {heldOut?.Fingerprint ?? "none"}",
            $"space {Describe(space?.Options)}",
            Line($"steps {options.Steps} of {options.Accumulate} x {options.BatchTokens} tokens"),
            Line($"learning rate {options.LearningRate:R}, warm-up {options.WarmUpSteps}, final share {options.FinalLearningRateShare:R}, clip {options.ClipNorm:R}"),
            Line($"AdamW {options.AdamW.Beta1:R} {options.AdamW.Beta2:R} {options.AdamW.Epsilon:R}, weight decay {options.AdamW.WeightDecay:R}"),
            Line($"sampling {options.Sampling}, random sub-networks {options.RandomSubNetworks?.ToString(CultureInfo.InvariantCulture) ?? "default"}"),
            Line($"true share {options.TrueShare:R}, teacher share {options.TeacherShare:R}, teacher {teacherFingerprint ?? "none"}"),
            Line($"seed {options.Seed}, a point every {reportEvery} steps"),

            // Not there for the CPU engine, whose states were saved before there was another.
            .. engine is null ? (string[])[] : [$"engine {engine}"],
        ];
        return string.Join('\n', lines);
    }

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);

    private static string Describe(LlamaSpaceOptions? options) => options is null
        ? "none"
        : $"depths {string.Join(' ', options.Depths)}, MLP {Lists(options.MlpWidths)}, KV {Lists(options.KvGroupCounts)}, order {string.Join(' ', options.LayerOrder)}";

    private static string Lists(ImmutableArray<ImmutableArray<int>> lists) => string.Join('/', lists.Select(l => string.Join(' ', l)));
}
