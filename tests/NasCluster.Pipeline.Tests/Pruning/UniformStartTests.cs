using NasCluster.Core.Spaces;
using NasCluster.Evaluation.Costs;
using NasCluster.Pipeline.Pruning;
using NasCluster.Testing;

namespace NasCluster.Pipeline.Tests.Pruning;

public sealed class UniformStartTests
{
    private static readonly Core.SuperNetworks.LlamaConfiguration Network = RandomCheckpoint.Configuration(
        layers: 3, hidden: 16, headSize: 8, kvHeads: 2, queryHeadsPerKvHead: 2, intermediate: 20, vocabulary: 40);

    private static readonly LlamaSpace Space = new(Network, LlamaSpaceOptions.Uniform(3, [1, 2, 3], [5, 10, 15, 20], [1, 2]));

    [Theory]
    [InlineData(1.0, 20, 2)]
    [InlineData(0.99, 15, 1)]
    [InlineData(0.52, 10, 1)]
    [InlineData(0.45, 5, 1)]
    public void Of_AShare_IsTheLargestNetworkCutAlikeThatHasNoMore(double share, int channels, int groups)
    {
        var size = (long)(share * CostModel.BlockParameters(Network));
        var architecture = Space.Decode(UniformStart.Of(Space, Network, size)!);

        Assert.Equal(3, architecture.Layers.Length);
        Assert.All(architecture.Layers, layer => Assert.Equal((channels, groups), (layer.MlpChannels.Count, layer.KvGroups.Count)));
        Assert.InRange(CostModel.BlockParameters(Network.Extract(architecture)), 1, size);
    }

    [Fact]
    public void Of_NoNetworkOfFullDepthIsSmallEnough_IsNone() => Assert.Null(UniformStart.Of(Space, Network, CostModel.BlockParameters(Network) / 10));
}
