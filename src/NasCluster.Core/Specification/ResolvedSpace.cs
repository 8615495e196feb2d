using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Specification;

/// <summary>A space with the model's numbers filled in: what each gene chooses from.</summary>
/// <param name="Depths">Layer counts, ascending.</param>
/// <param name="MlpChannels">For each layer of the model its MLP channel counts, ascending, without repeats.</param>
/// <param name="KvGroups">For each layer of the model its KV-group counts, ascending.</param>
/// <param name="LayerOrder">All layers of the model, the one kept longest first; 0, 1, 2, ... when leading layers are kept.</param>
public sealed record ResolvedSpace(
    ImmutableArray<int> Depths, ImmutableArray<ImmutableArray<int>> MlpChannels, ImmutableArray<ImmutableArray<int>> KvGroups, ImmutableArray<int> LayerOrder)
{
    private static readonly ImmutableArray<MlpWidth> DefaultMlp = [new(0.5), new(0.75), new(1)];

    /// <summary>Fills in a model's numbers.</summary>
    /// <exception cref="SpecificationException">The space does not fit the model.</exception>
    public static ResolvedSpace Of(SpaceSpec space, LlamaConfiguration configuration)
    {
        var problems = ImmutableArray.CreateBuilder<SpecProblem>();
        SpaceRules.CheckAgainst(space, configuration, problems);
        if (problems.Count > 0)
        {
            throw new SpecificationException(null, problems.ToImmutable());
        }

        var layers = configuration.Layers.Length;
        var least = ((6 * layers) + 9) / 10;
        var widths = space.Mlp.IsEmpty ? DefaultMlp : space.Mlp;
        return new ResolvedSpace(
            space.Depth.IsEmpty ? [.. Enumerable.Range(least, layers - least + 1)] : [.. space.Depth.Order()],
            [.. configuration.Layers.Select(l => Ascending(widths.Select(w => w.Channels(l.IntermediateSize))))],
            [.. configuration.Layers.Select(l => Ascending(space.KvGroups.IsEmpty ? [l.KvHeadCount] : space.KvGroups))],
            space.LayerOrder ?? [.. Enumerable.Range(0, layers)]);
    }

    private static ImmutableArray<int> Ascending(IEnumerable<int> values) => [.. values.Distinct().Order()];
}
