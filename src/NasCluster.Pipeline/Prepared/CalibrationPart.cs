using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Pipeline.Prepared;

/// <summary>Reads the part of a search's text that its stages see and nothing else does.</summary>
internal static class CalibrationPart
{
    /// <summary>What importance and repair are measured on: windows of the data, as many as they take.</summary>
    internal static TextSet OfData(SearchSpec spec, LlamaConfiguration configuration, SearchFiles files) =>
        Read(spec, configuration, files, EvaluationData.WindowOf(spec.Data, configuration), "data.window", spec.Pruning.Sequences);

    /// <summary>What the policy gradient tries masks on: windows of its own, all there are.</summary>
    internal static TextSet OfPolicyGradient(SearchSpec spec, LlamaConfiguration configuration, SearchFiles files) =>
        Read(spec, configuration, files, spec.Pruning.PolicyGradient.Window, "pruning.policy_gradient.window", null);

    private static TextSet Read(SearchSpec spec, LlamaConfiguration configuration, SearchFiles files, int window, string key, int? sequences)
    {
        if (window > configuration.MaximumPositions)
        {
            throw new NasClusterException($"{key} is {window}; the model takes at most {configuration.MaximumPositions} positions.");
        }

        var tokenizer = files.OpenTokenizer(files, configuration.VocabularySize);
        return EvaluationData.LoadCalibration(spec, tokenizer, window, sequences * window, files.Resolve);
    }
}
