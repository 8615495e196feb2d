using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Specification;

/// <summary>Whether a space fits a model.</summary>
internal static class SpaceRules
{
    internal static void CheckAgainst(SpaceSpec space, LlamaConfiguration configuration, ImmutableArray<SpecProblem>.Builder problems)
    {
        var layers = configuration.Layers.Length;
        for (var i = 0; i < space.Depth.Length; i++)
        {
            if (space.Depth[i] > layers)
            {
                problems.Add(new($"space.depth[{i}]", $"space.depth[{i}] is {space.Depth[i]}; the model has {layers} layers."));
            }
        }

        if (space.LayerOrder is { } order && order.Length != layers)
        {
            problems.Add(new("space.layer_order", $"space.layer_order names {order.Length} layers; it must name all {layers} of the model."));
        }

        for (var i = 0; i < space.Mlp.Length; i++)
        {
            CheckWidth($"space.mlp[{i}]", "MLP channels", space.Mlp[i].IsShare ? 0 : (int)Math.Min(space.Mlp[i].Value, int.MaxValue), l => l.IntermediateSize);
        }

        for (var i = 0; i < space.KvGroups.Length; i++)
        {
            CheckWidth($"space.kv_groups[{i}]", "KV groups", space.KvGroups[i], l => l.KvHeadCount);
        }

        // One problem per value, for the first layer too narrow for it: 32 equal ones would bury the rest.
        void CheckWidth(string key, string what, int width, Func<LlamaLayerShape, int> available)
        {
            for (var layer = 0; layer < layers; layer++)
            {
                if (width > available(configuration.Layers[layer]))
                {
                    problems.Add(new(key, $"{key} is {width}; layer {layer} of the model has {available(configuration.Layers[layer])} {what}."));
                    return;
                }
            }
        }
    }
}
