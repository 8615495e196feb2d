using System.Collections.Immutable;
using NasCluster.Core.Search;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Tests.Spaces;

/// <summary>Spaces that choose among rotary pairs and by orders of channels, listed by brute force.</summary>
public class LlamaSpacePairsTests
{
    private static readonly LlamaConfiguration Network = SmallSpaces.Llama(2, 2, 4) with { HeadSize = 6 };

    private static readonly LlamaSpaceOptions Options = LlamaSpaceOptions.Uniform(2, [1, 2], [2, 4], [0, 1, 2]) with { HeadPairCounts = [[1, 2, 3], [2, 3]] };

    [Fact]
    public void Canonicalise_EveryGenome_IsOneFormForEachArchitecture()
    {
        foreach (var options in new[] { Options, Options with { KvGroupCounts = [] }, Options with { KvGroupCounts = [[0], [0, 2]] }, Options with { ChannelOrders = Orders } })
        {
            var space = new LlamaSpace(Network, options);
            var meanings = new Dictionary<Genome, string>();
            foreach (var genome in SmallSpaces.AllGenomes(space.Cardinalities))
            {
                var canonical = space.Canonicalise(genome);
                Assert.Equal(canonical, space.Canonicalise(canonical));
                Assert.Equal(space.Decode(genome), space.Decode(canonical));
                Network.Check(space.Decode(genome));
                meanings[canonical] = space.Decode(genome).ToString();
            }

            Assert.Equal(meanings.Count, meanings.Values.Distinct().Count());
            Assert.Equal(meanings.Count, space.DistinctCount);
        }
    }

    [Fact]
    public void Decode_ChannelOrders_KeepsTheFirstOfEach()
    {
        var space = new LlamaSpace(Network, Options with { ChannelOrders = Orders });

        // Depth 2; MLP 2 and 4; one group and both; two of three pairs and all.
        var architecture = space.Decode(new Genome([1, 0, 1, 1, 2, 1, 1]));

        Assert.Equal(("[1,3]", "[1]", "[0,2]"), ($"{architecture.Layers[0].MlpChannels}", $"{architecture.Layers[0].KvGroups}", $"{architecture.Layers[0].HeadPairs}"));
        Assert.Equal(("4", "2", null), ($"{architecture.Layers[1].MlpChannels}", $"{architecture.Layers[1].KvGroups}", architecture.Layers[1].HeadPairs));
    }

    private static ImmutableArray<ChannelOrder> Orders => [new([1, 0], [2, 0, 1], [3, 1, 0, 2]), ChannelOrder.OfWeights];
}
