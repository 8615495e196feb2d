using NasCluster.Core.Randomness;
using NasCluster.Core.Search;
using NasCluster.Core.Spaces.Masks;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Tests.Spaces.Masks;

public class MaskSpaceTests
{
    /// <summary>Spaces of a few hundred to some ten thousand genomes, which can all be listed: every kind of part and every pairing of them.</summary>
    private static readonly Dictionary<string, (LlamaConfiguration Network, MaskSpaceOptions Options)> Small = new()
    {
        ["groups"] = (Network(2, 2, 3), new() { KvGroups = true }),
        ["pairs"] = (Network(2, 1, 3), new() { HeadPairs = true }),
        ["channels"] = (Network(2, 1, 3), new() { MlpChannels = true }),
        ["groups and pairs"] = (Network(2, 2, 1), new() { KvGroups = true, HeadPairs = true }),
        ["everything of layers"] = (Network(2, 2, 2), new() { KvGroups = true, HeadPairs = true, MlpChannels = true }),
        ["layer bits alone"] = (Network(4, 2, 3), new() { Layers = true }),
        ["layer bits and channels"] = (Network(3, 1, 2), new() { Layers = true, MlpChannels = true }),
        ["layer bits and everything"] = (Network(2, 2, 2), new() { Layers = true, KvGroups = true, HeadPairs = true, MlpChannels = true }),
        ["depths"] = (Network(3, 2, 2), new() { Depths = [1, 3], KvGroups = true, MlpChannels = true }),
        ["depths by an order"] = (Network(3, 2, 2), new() { Depths = [1, 2], LayerOrder = [2, 0, 1], KvGroups = true, MlpChannels = true }),
        ["depths, groups and pairs"] = (Network(3, 2, 1), new() { Depths = [1, 2, 3], KvGroups = true, HeadPairs = true }),
        ["layers that lack a part"] = (
            Network(2, 2, 2) with { Layers = [new LlamaLayerShape(0, 3), new LlamaLayerShape(2, 0), new LlamaLayerShape(0, 0)] },
            new() { Layers = true, KvGroups = true, HeadPairs = true, MlpChannels = true }),
    };

    public static TheoryData<string> Spaces => [.. Small.Keys];

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Canonicalise_EveryGenome_IsOneFormForEachArchitectureAndNoMore(string name)
    {
        var (network, options) = Small[name];
        var space = new MaskSpace(network, options);
        var meanings = new Dictionary<Genome, string>();
        foreach (var genome in SmallSpaces.AllGenomes(space.Cardinalities))
        {
            var canonical = space.Canonicalise(genome);
            var meaning = space.Decode(genome).ToString();

            Assert.Equal(canonical, space.Canonicalise(canonical));
            Assert.Equal(meaning, space.Decode(canonical).ToString());
            network.Check(space.Decode(genome));
            meanings[canonical] = meaning;
        }

        Assert.Equal(meanings.Count, meanings.Values.Distinct().Count());
        Assert.Equal(meanings.Count, space.DistinctCount);
    }

    [Fact]
    public void EncodeAndRead_RandomMasks_GiveBackWhatMeansSomething()
    {
        // 20 channels: more than a gene holds.
        var space = MaskNetworks.Space(new MaskSpaceOptions { KvGroups = true, HeadPairs = true, MlpChannels = true, Depths = [1, 3] });
        var random = new Xoshiro256(5);
        for (var round = 0; round < 300; round++)
        {
            bool[] mask = [.. Enumerable.Range(0, space.BitCount).Select(_ => random.NextBoolean(0.5))];
            var depth = random.NextInt(2);
            var genome = space.Encode(depth, mask);
            var read = space.Read(genome);

            Assert.Equal(genome, space.Canonicalise(genome));
            Assert.Equal(genome, space.Encode(depth, read));
            Assert.Equal(space.Decode(mask, depth), space.Decode(genome));
            Assert.Equal(space.BlockParameters(mask, depth), space.BlockParameters(read, depth));
            for (var layer = 0; layer < 3; layer++)
            {
                var channels = space.SectionOf(layer, MaskPart.MlpChannel)!.Value;
                Assert.Equal(space.Stays(layer, depth) ? channels.Of<bool>(mask).ToArray() : new bool[channels.Length], channels.Of<bool>(read).ToArray());
            }
        }
    }

    [Fact]
    public void Decode_AMask_NamesWhatItKeeps()
    {
        var space = new MaskSpace(Network(2, 2, 3), new MaskSpaceOptions { KvGroups = true, HeadPairs = true, MlpChannels = true });

        // Layer 0: second group, first of two pairs, channels 0 and 2. Layer 1: both groups, no pair, all channels.
        var architecture = space.Decode([false, true, true, false, true, false, true, true, true, false, false, true, true, true], 0);

        Assert.Equal("[1]", architecture.Layers[0].KvGroups.ToString());
        Assert.Equal("1", architecture.Layers[0].HeadPairs.ToString());
        Assert.Equal("[0,2]", architecture.Layers[0].MlpChannels.ToString());
        Assert.Equal(("0", null, "3"), ($"{architecture.Layers[1].KvGroups}", architecture.Layers[1].HeadPairs, $"{architecture.Layers[1].MlpChannels}"));
    }

    [Fact]
    public void FullGenome_AnySpaceWithFullDepth_IsTheWholeNetwork() => Assert.All(Small.Values.Where(s => s.Options.LayerOrder.IsEmpty && s.Network.Layers.All(l => l.KvHeadCount > 0)), s =>
    {
        var space = new MaskSpace(s.Network, s.Options);
        Assert.Equal(s.Network.FullArchitecture, space.Decode(space.FullGenome));
        Assert.Equal(space.FullGenome, space.Canonicalise(space.FullGenome));
    });

    [Fact]
    public void Sections_SeveralParts_FollowEachOtherWithoutGaps()
    {
        var space = MaskNetworks.Space(new MaskSpaceOptions { Layers = true, KvGroups = true, HeadPairs = true, MlpChannels = true });
        var next = 0;
        Assert.All(space.Sections, s =>
        {
            Assert.Equal(next, s.Start);
            next += s.Length;
        });
        Assert.Equal(next, space.BitCount);
        Assert.Equal(3 + (3 * (2 + 4 + 20)), space.BitCount);
    }

    [Fact]
    public void Read_GenomeOfAnotherSpace_IsRefused()
    {
        var space = new MaskSpace(Network(2, 2, 3), new MaskSpaceOptions { KvGroups = true });
        Assert.ThrowsAny<ArgumentException>(() => space.Read(new Genome([0, 3])));
        Assert.ThrowsAny<ArgumentException>(() => space.Decode(new Genome([0, 3, 4])));
        Assert.ThrowsAny<ArgumentException>(() => space.Canonicalise(new Genome([1, 3, 3])));
        Assert.ThrowsAny<ArgumentException>(() => space.Encode(0, new bool[3]));
    }

    [Fact]
    public void New_OptionsThatDoNotFit_NamesEveryProblem()
    {
        var failure = Assert.Throws<NasClusterException>(() => new MaskSpace(Network(2, 2, 3), new MaskSpaceOptions { Layers = true, Depths = [1, 3], LayerOrder = [0, 0] }));
        Assert.Contains("Layers are masked and Depths are given", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Depths[1] is 3", failure.Message, StringComparison.Ordinal);
        Assert.Contains("LayerOrder[1] is 0 a second time", failure.Message, StringComparison.Ordinal);

        failure = Assert.Throws<NasClusterException>(() => new MaskSpace(Network(2, 2, 3), new MaskSpaceOptions()));
        Assert.Contains("Nothing is masked", failure.Message, StringComparison.Ordinal);
    }

    // Heads of four channels: two rotary pairs.
    private static LlamaConfiguration Network(int layers, int groups, int channels) => SmallSpaces.Llama(layers, groups, channels) with { HeadSize = 4 };
}
