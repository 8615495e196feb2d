using NasCluster.Core.Search.MaskEvolution;
using NasCluster.Core.Spaces.Masks;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Tests.Spaces.Masks;

/// <summary>A network of three layers to be masked: 2 KV groups of 2 query heads, 4 rotary pairs, 20 MLP channels.</summary>
internal static class MaskNetworks
{
    internal static LlamaConfiguration Configuration { get; } = new()
    {
        VocabularySize = 32,
        HiddenSize = 32,
        HeadSize = 8,
        QueryHeadsPerKvHead = 2,
        Layers = [.. Enumerable.Repeat(new LlamaLayerShape(2, 20), 3)],
        MaximumPositions = 16,
        NormEpsilon = 1e-5f,
        RopeTheta = 10_000,
        TiedEmbeddings = true,
    };

    internal static MaskSpace Space(MaskSpaceOptions options) => new(Configuration, options);

    internal static long Size(MaskSpace space)
    {
        var mask = new bool[space.BitCount];
        Array.Fill(mask, true);
        return space.BlockParameters(mask, space.Depths.Length - 1);
    }

    internal static MaskEvolutionOptions Evolution(MaskSpace space, double smallest, double largest) => new()
    {
        Importance = [.. Enumerable.Range(0, space.BitCount).Select(i => i * 7 % 31 / 31.0)],
        SmallestSize = (long)(smallest * Size(space)),
        LargestSize = (long)(largest * Size(space)),
        StartShare = (smallest + largest) / 2,
    };
}
