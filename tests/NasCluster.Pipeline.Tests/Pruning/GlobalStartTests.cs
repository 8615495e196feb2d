using System.Collections.Immutable;
using NasCluster.Core.Randomness;
using NasCluster.Core.Spaces.Masks;
using NasCluster.Evaluation.Costs;
using NasCluster.Pipeline.Pruning;
using NasCluster.Testing;

namespace NasCluster.Pipeline.Tests.Pruning;

public sealed class GlobalStartTests
{
    private static readonly Core.SuperNetworks.LlamaConfiguration Network = RandomCheckpoint.Configuration(
        layers: 3, hidden: 16, headSize: 8, kvHeads: 2, queryHeadsPerKvHead: 2, intermediate: 20, vocabulary: 40);

    // Five groups: two would be standardised to 1 and -1 in every layer, and only rounding decide between equals.
    private static readonly Core.SuperNetworks.LlamaConfiguration Grouped = RandomCheckpoint.Configuration(
        layers: 3, hidden: 16, headSize: 8, kvHeads: 5, queryHeadsPerKvHead: 2, intermediate: 20, vocabulary: 40);

    public static TheoryData<bool, bool, int> Spaces => new() { { true, false, 3 }, { false, true, 3 }, { true, true, 2 } };

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Of_AnyImportance_IsWhatTakingOneAfterTheOtherOutGives(bool pairs, bool groups, int depth)
    {
        var space = new MaskSpace(Grouped, new MaskSpaceOptions { HeadPairs = pairs, KvGroups = groups, MlpChannels = true, Depths = [1, depth] });
        var random = new Xoshiro256(3);
        for (var round = 0; round < 100; round++)
        {
            ImmutableArray<double> importance = [.. Enumerable.Range(0, space.BitCount).Select(_ => random.NextDouble())];
            var size = (long)(random.NextDouble() * CostModel.BlockParameters(Grouped));
            Assert.Equal(OneByOne(space, importance, size), GlobalStart.Of(space, importance, size).ToArray());
        }
    }

    /// <summary>Weights by the cost model of the network cut out, which knows nothing of masks.</summary>
    [Fact]
    public void BlockParameters_RandomMasks_IsTheCostOfWhatTheyMean()
    {
        MaskSpaceOptions[] options =
        [
            new() { HeadPairs = true, KvGroups = true, MlpChannels = true, Depths = [1, 3], LayerOrder = [2, 0, 1] },
            new() { Layers = true, HeadPairs = true, KvGroups = true, MlpChannels = true },
            new() { KvGroups = true },
            new() { Layers = true, MlpChannels = true },
        ];
        var random = new Xoshiro256(4);
        foreach (var network in new[] { Network, Network with { HasOutputBiases = true }, Network with { Layers = [new(2, 20), new(0, 5), new(1, 0)] } })
        {
            foreach (var space in options.Select(o => new MaskSpace(network, o)))
            {
                for (var round = 0; round < 100; round++)
                {
                    var keep = random.NextDouble();
                    bool[] mask = [.. Enumerable.Range(0, space.BitCount).Select(_ => random.NextBoolean(keep))];
                    var depth = random.NextInt(space.Depths.Length);
                    Assert.Equal(CostModel.BlockParameters(network.Extract(space.Decode(mask, depth))), space.BlockParameters(mask, depth));
                }
            }
        }
    }

    private static bool[] OneByOne(MaskSpace space, ImmutableArray<double> importance, long size)
    {
        var depth = space.Depths.Length - 1;
        var mask = new bool[space.BitCount];
        var standard = new double[space.BitCount];
        foreach (var section in space.Sections)
        {
            section.Of(mask.AsSpan()).Fill(space.Stays(section.Layer, depth));
            var values = section.Of(importance.AsSpan()).ToArray();
            var deviation = Math.Sqrt(values.Average(v => (v - values.Average()) * (v - values.Average())));
            for (var i = 0; i < values.Length; i++)
            {
                standard[section.Start + i] = deviation > 0 ? (values[i] - values.Average()) / deviation : 0;
            }
        }

        foreach (var bit in Enumerable.Range(0, mask.Length).Where(i => mask[i]).OrderBy(i => standard[i]))
        {
            if (space.BlockParameters(mask, depth) <= size)
            {
                break;
            }

            var section = space.Sections.Single(s => bit >= s.Start && bit < s.Start + s.Length);
            mask[bit] = section.Of<bool>(mask).Count(true) == 1;
        }

        return mask;
    }
}
