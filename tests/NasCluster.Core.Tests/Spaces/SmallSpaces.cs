using System.Collections.Immutable;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Tests.Spaces;

/// <summary>Networks to make spaces of, and all genomes of a space small enough to list them.</summary>
internal static class SmallSpaces
{
    public static LlamaConfiguration Llama(int layers, int kvHeads, int intermediate) => new()
    {
        VocabularySize = 32,
        HiddenSize = 8,
        HeadSize = 2,
        QueryHeadsPerKvHead = 1,
        Layers = [.. Enumerable.Repeat(new LlamaLayerShape(kvHeads, intermediate), layers)],
        MaximumPositions = 16,
        NormEpsilon = 1e-5f,
        RopeTheta = 10_000,
        TiedEmbeddings = true,
    };

    public static IEnumerable<Genome> AllGenomes(ImmutableArray<int> cardinalities)
    {
        IEnumerable<ImmutableArray<int>> all = [[]];
        foreach (var cardinality in cardinalities)
        {
            all = all.SelectMany(genes => Enumerable.Range(0, cardinality).Select(genes.Add));
        }

        return all.Select(genes => new Genome(genes));
    }
}
