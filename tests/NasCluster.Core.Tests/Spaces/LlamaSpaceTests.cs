using System.Numerics;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search;
using NasCluster.Core.Search.Operators;
using NasCluster.Core.Spaces;

namespace NasCluster.Core.Tests.Spaces;

public class LlamaSpaceTests
{
    private static readonly LlamaSpaceOptions PaperOptions = LlamaSpaceOptions.Uniform(32, [24, 28, 32], [5504, 11008]);

    private static readonly LlamaSpaceOptions EverythingOptions =
        LlamaSpaceOptions.Uniform(5, [1, 3, 4], [0, 8, 16], [1, 4], [4, 0, 3, 1, 2]);

    [Fact]
    public void DistinctCount_Llama2OfThePaper_IsExact()
    {
        var space = new LlamaSpace(SmallSpaces.Llama(32, 32, 11008), PaperOptions);

        Assert.Equal(4_580_179_968, space.DistinctCount);
        Assert.Equal(3 * BigInteger.Pow(2, 32), space.EncodingCount);
        Assert.Equal([3, .. Enumerable.Repeat(2, 32)], space.Cardinalities.ToArray());
    }

    [Fact]
    public void DistinctCount_SmallSpace_EqualsTheCountOfCanonicalGenomesAndOfArchitectures()
    {
        var space = new LlamaSpace(SmallSpaces.Llama(5, 4, 16), EverythingOptions);
        var all = SmallSpaces.AllGenomes(space.Cardinalities).ToList();

        Assert.Equal(6 + (6 * 6 * 6) + (6 * 6 * 6 * 6), space.DistinctCount);
        Assert.Equal(space.EncodingCount, all.Count);
        Assert.Equal(space.DistinctCount, all.Select(space.Canonicalise).Distinct().Count());
        Assert.Equal(space.DistinctCount, all.Select(space.Decode).Distinct().Count());
        Assert.All(all.Where((_, i) => i % 7 == 0), g => Assert.Equal(space.Decode(g), space.Decode(space.Canonicalise(g))));
    }

    [Fact]
    public void Decode_ByPrefix_KeepsTheFirstLayers()
    {
        var space = new LlamaSpace(SmallSpaces.Llama(4, 2, 16), LlamaSpaceOptions.Uniform(4, [2, 4], [4, 16]));

        Assert.Equal("0:2/4 1:2/16", space.Decode(new Genome([0, 0, 1, 1, 1])).ToString());
        Assert.Equal("0:2/4 1:2/16 2:2/16 3:2/4", space.Decode(new Genome([1, 0, 1, 1, 0])).ToString());
        Assert.Equal(new Genome([0, 0, 1, 0, 0]), space.Canonicalise(new Genome([0, 0, 1, 1, 1])));
    }

    [Fact]
    public void Decode_ByOrder_KeepsTheFirstOfTheOrderInTheNetworksOrder()
    {
        var space = new LlamaSpace(SmallSpaces.Llama(4, 2, 16), LlamaSpaceOptions.Uniform(4, [2, 3], [4, 16], layerOrder: [3, 0, 2, 1]));

        // Layer 1 never stays, so only layers 0, 2 and 3 have genes.
        Assert.Equal([2, 2, 2, 2], space.Cardinalities.ToArray());
        Assert.Equal("0:2/16 3:2/4", space.Decode(new Genome([0, 1, 1, 0])).ToString());
        Assert.Equal("0:2/16 2:2/16 3:2/4", space.Decode(new Genome([1, 1, 1, 0])).ToString());
        Assert.Equal(new Genome([0, 1, 0, 0]), space.Canonicalise(new Genome([0, 1, 1, 0])));
    }

    [Fact]
    public void Decode_KvGroups_HaveGenesAfterTheMlps()
    {
        var space = new LlamaSpace(SmallSpaces.Llama(2, 4, 16), LlamaSpaceOptions.Uniform(2, [1, 2], [8, 16], [0, 2, 4]));

        Assert.Equal([2, 2, 2, 3, 3], space.Cardinalities.ToArray());
        Assert.Equal("0:2/16 1:0/8", space.Decode(new Genome([1, 1, 0, 1, 0])).ToString());
        Assert.Equal(new Genome([0, 1, 0, 1, 0]), space.Canonicalise(new Genome([0, 1, 1, 1, 2])));
    }

    [Fact]
    public void Decode_EmptyLists_KeepEveryLayerWhole()
    {
        var configuration = SmallSpaces.Llama(3, 2, 16) with { Layers = [new(2, 16), new(1, 8), new(2, 12)] };
        var space = new LlamaSpace(configuration, new LlamaSpaceOptions { Depths = [3] });

        Assert.Equal([1], space.Cardinalities.ToArray());
        Assert.Equal(1, space.DistinctCount);
        Assert.Equal(configuration.FullArchitecture, space.Decode(space.LargestGenome));
    }

    [Fact]
    public void Decode_OneChoiceInEveryLayer_NeedsNoGenes()
    {
        var space = new LlamaSpace(
            SmallSpaces.Llama(3, 2, 16), new LlamaSpaceOptions { Depths = [2], MlpWidths = [[8], [4], [16]], KvGroupCounts = [[1], [2], [1]] });

        Assert.Equal([1], space.Cardinalities.ToArray());
        Assert.Equal((1, 1), (space.DistinctCount, space.EncodingCount));
        Assert.Equal("0:1/8 1:2/4", space.Decode(space.SmallestGenome).ToString());
        Assert.Equal(space.SmallestGenome, space.LargestGenome);
    }

    [Fact]
    public void Decode_OneChoiceOfMlpWidthsOnly_LeavesTheKvGenesRightAfterTheDepth()
    {
        var space = new LlamaSpace(SmallSpaces.Llama(2, 4, 16), LlamaSpaceOptions.Uniform(2, [1, 2], [8], [2, 4]));

        Assert.Equal([2, 2, 2], space.Cardinalities.ToArray());
        Assert.Equal("0:4/8 1:2/8", space.Decode(new Genome([1, 1, 0])).ToString());
        Assert.Equal(new Genome([0, 1, 0]), space.Canonicalise(new Genome([0, 1, 1])));
    }

    [Fact]
    public void Decode_UnequalLayers_ReadsEachGeneInItsLayersList()
    {
        var configuration = SmallSpaces.Llama(3, 4, 16) with { Layers = [new(4, 16), new(2, 6), new(1, 3)] };
        var space = new LlamaSpace(configuration, new LlamaSpaceOptions
        {
            Depths = [1, 3],
            MlpWidths = [[8, 16], [0, 3, 6], [3]],
            KvGroupCounts = [[4], [1, 2], [1]],
            LayerOrder = [1, 2, 0],
        });

        // Layers 2 (MLP) and 0 and 2 (KV) have one choice among layers with several, and keep a gene that is 0.
        Assert.Equal([2, 2, 3, 1, 1, 2, 1], space.Cardinalities.ToArray());
        Assert.Equal(6 + (6 * 1 * 2), space.DistinctCount);
        Assert.Equal(2 * 2 * 3 * 2, space.EncodingCount);
        Assert.Equal("0:4/16 1:1/3 2:1/3", space.Decode(new Genome([1, 1, 1, 0, 0, 0, 0])).ToString());
        Assert.Equal("1:2/6", space.Decode(new Genome([0, 1, 2, 0, 0, 1, 0])).ToString());
        Assert.Equal(new Genome([0, 0, 2, 0, 0, 1, 0]), space.Canonicalise(new Genome([0, 1, 2, 0, 0, 1, 0])));
        Assert.Equal(configuration.FullArchitecture, space.Decode(space.LargestGenome));
    }

    [Fact]
    public void Decode_OnlyALayerThatNeverStaysHasAChoice_NeedsNoGenes()
    {
        var space = new LlamaSpace(SmallSpaces.Llama(2, 2, 16), new LlamaSpaceOptions { Depths = [1], MlpWidths = [[8], [4, 16]] });

        Assert.Equal([1], space.Cardinalities.ToArray());
        Assert.Equal("0:2/8", space.Decode(space.LargestGenome).ToString());
    }

    [Fact]
    public void LargestGenome_OfThePaper_IsTheWholeNetworkAndCanonical()
    {
        var configuration = SmallSpaces.Llama(32, 32, 11008);
        var space = new LlamaSpace(configuration, PaperOptions);

        Assert.Equal(configuration.FullArchitecture, space.Decode(space.LargestGenome));
        Assert.Equal(space.LargestGenome, space.Canonicalise(space.LargestGenome));
        Assert.Equal(24, space.Decode(space.SmallestGenome).Layers.Length);
    }

    [Fact]
    public void Canonicalise_RandomGenomes_IsIdempotentFitsTheNetworkAndKeepsTheMeaning()
    {
        var random = new Xoshiro256(6);
        for (var run = 0; run < 300; run++)
        {
            var layers = 1 + random.NextInt(6);
            int[] order = [.. Enumerable.Range(0, layers)];
            random.Shuffle<int>(order);
            var configuration = SmallSpaces.Llama(layers, 4, 16);
            var space = new LlamaSpace(configuration, LlamaSpaceOptions.Uniform(
                layers,
                [.. Enumerable.Range(1, layers).Where(d => d == layers || random.NextInt(2) == 0)],
                random.NextInt(3) == 0 ? [] : [4, 9, 16],
                random.NextInt(2) == 0 ? [] : [1, 3],
                random.NextInt(2) == 0 ? [] : [.. order]));
            var genome = RandomSampling.Sample(space.Cardinalities, random);
            var canonical = space.Canonicalise(genome);

            Assert.Equal(canonical, space.Canonicalise(canonical));
            Assert.Equal(space.Decode(genome), space.Decode(canonical));
            configuration.Check(space.Decode(genome));
        }
    }

    [Fact]
    public void Decode_GenomeNotOfTheSpace_Throws()
    {
        var space = new LlamaSpace(SmallSpaces.Llama(2, 2, 16), LlamaSpaceOptions.Uniform(2, [2], [8, 16]));

        Assert.Throws<ArgumentException>(() => space.Decode(new Genome([0, 0])));
        Assert.Throws<ArgumentException>(() => space.Decode(new Genome([0, 0, 2])));
        Assert.Throws<ArgumentException>(() => space.Canonicalise(new Genome([1, 0, 0])));
    }

    [Fact]
    public void Constructor_SeveralProblems_NamesThemAll()
    {
        var options = new LlamaSpaceOptions
        {
            Depths = [0, 2, 2, 9],
            MlpWidths = [[-1, 8, 17], [8, 17], [], [32]],
            KvGroupCounts = [[4], [3, 2], [3], [0, 0], [1]],
            LayerOrder = [0, 0, 7],
        };
        var configuration = SmallSpaces.Llama(4, 4, 32) with { Layers = [new(4, 32), new(4, 16), new(2, 32), new(4, 32)] };

        var exception = Assert.Throws<NasClusterException>(() => new LlamaSpace(configuration, options));
        Assert.Equal(
            "The space does not fit the network: "
            + "Depths[0] is 0; it must be in [1, 4], because the network has 4 layers. "
            + "Depths[2] is 2 after 2; the list must ascend strictly. "
            + "Depths[3] is 9; it must be in [1, 4], because the network has 4 layers. "
            + "MlpWidths[0][0] is -1; it must be in [0, 32], because layer 0 has 32 MLP channels. "
            + "MlpWidths[1][1] is 17; it must be in [0, 16], because layer 1 has 16 MLP channels. "
            + "MlpWidths[2] is empty; layer 2 must have at least one choice. "
            + "KvGroupCounts has lists for 5 layers; it must have one for each of the network's 4, or none at all. "
            + "KvGroupCounts[1][1] is 2 after 3; the list must ascend strictly. "
            + "KvGroupCounts[2][0] is 3; it must be in [0, 2], because layer 2 has 2 KV groups. "
            + "KvGroupCounts[3][1] is 0 after 0; the list must ascend strictly. "
            + "LayerOrder has 3 layers; it must have all 4 of the network. "
            + "LayerOrder[1] is 0 a second time; each layer must occur once. "
            + "LayerOrder[2] is 7; it must be in [0, 3].",
            exception.Message);
    }

    [Fact]
    public void Constructor_TooFewLists_Throws()
    {
        var exception = Assert.Throws<NasClusterException>(
            () => new LlamaSpace(SmallSpaces.Llama(3, 2, 8), LlamaSpaceOptions.Uniform(2, [1], [4, 8])));

        Assert.Equal(
            "The space does not fit the network: MlpWidths has lists for 2 layers; it must have one for each of the network's 3, or none at all.",
            exception.Message);
    }

    [Fact]
    public void Constructor_NoDepths_Throws()
    {
        var exception = Assert.Throws<NasClusterException>(() => new LlamaSpace(SmallSpaces.Llama(2, 2, 8), new LlamaSpaceOptions { Depths = [] }));

        Assert.Contains("Depths is empty", exception.Message, StringComparison.Ordinal);
    }
}
