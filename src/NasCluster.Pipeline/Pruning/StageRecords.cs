using System.Text.Json.Nodes;
using NasCluster.Core.Specification;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Pipeline.Pruning;

/// <summary>What a stage before a search says of itself: inputs, settings and time taken.</summary>
public static class StageRecords
{
    /// <summary>Of importance.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="model">Fingerprint of the network.</param>
    /// <param name="calibration">What it was measured on.</param>
    /// <param name="time">Time taken.</param>
    public static JsonObject OfImportance(SearchSpec spec, string model, TextSet calibration, TimeSpan time)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(calibration);
        return new JsonObject
        {
            ["method"] = Words.Of(spec.Pruning.Importance),
            ["model"] = model,
            ["calibration"] = calibration.Fingerprint,
            ["sequences"] = Math.Min(spec.Pruning.Sequences, calibration.Requests.Length),
            ["tokens"] = calibration.ScoredCount,
            ["seconds"] = Seconds(time),
        };
    }

    /// <summary>Of what makes scores of importance: the policy gradient, where there is one.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="time">Time taken.</param>
    public static JsonObject OfScores(SearchSpec spec, TimeSpan time)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new JsonObject
        {
            ["policy_gradient_steps"] = spec.Pruning.PolicyGradient.Steps,
            ["seed"] = spec.Seed,
            ["seconds"] = Seconds(time),
        };
    }

    /// <summary>Seconds, as they are recorded: for people, not for arithmetic.</summary>
    internal static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
}
