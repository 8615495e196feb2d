using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Costs;
using NasCluster.Evaluation.Measurements.Tables;
using NasCluster.Evaluation.Tests.Fakes;

namespace NasCluster.Evaluation.Tests.Measurements.Tables;

public sealed class LayerKnotsTests
{
    private static readonly LayerKnots Knots = new([1, 4], [1, 2], [10, 20, 40], []);

    [Fact]
    public void Weights_LayersAtTheKnots_CountThem()
    {
        // Heads of 4 channels have 2 pairs.
        Assert.Equal([1, 0, 1, 0, 2, 2, 0, 1], Knots.Weights(Network(new(1, 10), new(4, 40), new(4, 10))));
    }

    [Fact]
    public void Weights_Between_IsSharedByDistance() =>
        Assert.Equal([1, 0, 2.0 / 3, 0, 1.0 / 3, 0, 0.25, 0.75], Rounded(Knots.Weights(Network(new LlamaLayerShape(2, 35)))));

    [Fact]
    public void Weights_FewerPairs_CountBetweenGroupsAndPairs() =>
        Assert.Equal([1, 2.0 / 3, 0, 1.0 / 3, 0, 1, 0, 0], Rounded(Knots.Weights(Network(new LlamaLayerShape(2, 10, Core.Architectures.ChannelSelection.Leading(1))))));

    [Fact]
    public void Weights_PartsThatAreNotThere_TakeNothing() => Assert.Equal([1, 0, 0, 0, 0, 0, 1, 0], Knots.Weights(Network(new(0, 20), new(0, 0))));

    [Fact]
    public void Weights_Sizes_CountMillionsOfWeightsBeyond()
    {
        var network = Network(new(1, 10), new(4, 40));
        var size = CostModel.BlockParameters(network);
        var weights = (Knots with { Sizes = [size - 250, size, size + 1] }).Weights(network);
        Assert.Equal([250e-6, 0, 0], weights[^3..]);
        Assert.Equal(11, weights.Length);
    }

    [Theory]
    [InlineData(5, 10, "Layer 1 has 5 KV groups; the latency table is of 1 to 4.")]
    [InlineData(4, 9, "Layer 1 has 9 MLP channels; the latency table is of 10 to 40.")]
    [InlineData(4, 41, "Layer 1 has 41 MLP channels; the latency table is of 10 to 40.")]
    public void Weights_Outside_IsRefused(int groups, int channels, string message) =>
        Assert.Equal(message, Assert.Throws<NasClusterException>(() => Knots.Weights(Network(new(1, 10), new(groups, channels)))).Message);

    private static LlamaConfiguration Network(params LlamaLayerShape[] layers) => BigramNetwork.Configuration() with { Layers = [.. layers] };

    private static double[] Rounded(double[] weights) => [.. weights.Select(w => w is > 0.33 and < 0.34 ? 1.0 / 3 : w is > 0.66 and < 0.67 ? 2.0 / 3 : w)];
}
