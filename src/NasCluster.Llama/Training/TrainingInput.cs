using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Training;

/// <summary>What must hold of a batch and a sub-network before gradients are computed.</summary>
internal static class TrainingInput
{
    /// <exception cref="NasClusterException">A rule is broken.</exception>
    public static void Check(LlamaConfiguration configuration, Architecture architecture, IReadOnlyList<ScoringRequest> sequences)
    {
        configuration.Check(architecture);
        foreach (var layer in architecture.Layers)
        {
            CheckLeading(layer.SourceLayer, "KV groups", layer.KvGroups);
            CheckLeading(layer.SourceLayer, "MLP channels", layer.MlpChannels);
            if (layer.HeadPairs is { } pairs)
            {
                throw new NasClusterException($"The architecture keeps head pairs {pairs} in layer {layer.SourceLayer}; training takes whole heads only.");
            }
        }

        CheckTokens(configuration, sequences);
    }

    /// <exception cref="NasClusterException">A token or a sequence does not fit the network.</exception>
    public static void CheckTokens(LlamaConfiguration configuration, IReadOnlyList<ScoringRequest> sequences)
    {
        for (var i = 0; i < sequences.Count; i++)
        {
            CheckTokens(configuration, sequences[i].TokenIds.AsSpan(), i);
        }
    }

    private static void CheckLeading(int layer, string what, ChannelSelection selection)
    {
        if (!selection.IsLeading)
        {
            throw new NasClusterException($"The architecture keeps the set {selection} of {what} in layer {layer}; training takes leading {what} only.");
        }
    }

    private static void CheckTokens(LlamaConfiguration configuration, ReadOnlySpan<int> tokens, int sequence)
    {
        // The last token is only a target, and takes no position.
        if (tokens.Length - 1 > configuration.MaximumPositions)
        {
            throw new NasClusterException(
                $"There are {tokens.Length} tokens in sequence {sequence}; the network takes at most {configuration.MaximumPositions} and one to predict.");
        }

        for (var i = 0; i < tokens.Length; i++)
        {
            if ((uint)tokens[i] >= (uint)configuration.VocabularySize)
            {
                throw new NasClusterException(
                    $"Token {tokens[i]} at place {i} of sequence {sequence} is not in the vocabulary, which has ids 0 to {configuration.VocabularySize - 1}.");
            }
        }
    }
}
