using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Repair;

/// <summary>Which inputs of a layer's output matrices an architecture keeps, as channels of the whole network.</summary>
internal static class KeptInputs
{
    /// <summary>
    /// Inputs of o, ascending: of every query head of the kept groups, channels i and i + half of each kept rotary pair i, or all of them.
    /// </summary>
    public static ImmutableArray<int> Output(LlamaConfiguration network, LayerArchitecture layer)
    {
        var half = network.HeadSize / 2;
        var pairs = layer.HeadPairs ?? ChannelSelection.Leading(half);
        var result = ImmutableArray.CreateBuilder<int>();
        for (var group = 0; group < layer.KvGroups.Count; group++)
        {
            for (var head = 0; head < network.QueryHeadsPerKvHead; head++)
            {
                var first = ((layer.KvGroups[group] * network.QueryHeadsPerKvHead) + head) * network.HeadSize;
                for (var side = 0; side < 2; side++)
                {
                    for (var pair = 0; pair < pairs.Count; pair++)
                    {
                        result.Add(first + (side * half) + pairs[pair]);
                    }
                }
            }
        }

        return result.ToImmutable();
    }

    /// <summary>Inputs of down, ascending.</summary>
    public static ImmutableArray<int> Down(LayerArchitecture layer) => [.. Enumerable.Range(0, layer.MlpChannels.Count).Select(i => layer.MlpChannels[i])];
}
