using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Pruning;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Pruning;

public sealed class TopSharesTests
{
    private static readonly LlamaConfiguration Shape =
        RandomCheckpoint.Configuration(3, 4, 8, 2, 1, 5, 5) with { Layers = [new(2, 5), new(0, 2), new(2, 0)] };

    private static readonly NetworkImportance Importance = new(
        ImportanceMeasure.Wanda,
        [new([1, 2], [4, 1, 3, 2], [1, 5, 1, 4, 1], 0.5), new([], [], [1, 2], 0.9), new([2, 1], [1, 1, 1, 1], [], 0.5)]);

    [Fact]
    public void Of_Shares_KeepsTheMostImportantAndOfEqualsTheFirst()
    {
        var architecture = TopShares.Of(Shape, Importance, new KeepShares(0.5, 0.5, 0.5));

        Assert.Equal(
            new Architecture(
                [
                    new LayerArchitecture(0, ChannelSelection.Set([1]), ChannelSelection.Set([0, 1, 3]), ChannelSelection.Set([0, 2])),
                    new LayerArchitecture(1, ChannelSelection.Leading(0), ChannelSelection.Set([1])),
                    new LayerArchitecture(2, ChannelSelection.Leading(1), ChannelSelection.Leading(0), ChannelSelection.Leading(2)),
                ]),
            architecture);
    }

    [Fact]
    public void Of_EverythingAndNothing_AreTheEnds()
    {
        Assert.Equal(Shape.FullArchitecture, TopShares.Of(Shape, Importance, new KeepShares()));
        var least = TopShares.Of(Shape, Importance, new KeepShares(0, 1, 0));
        Assert.All(least.Layers, l => Assert.Equal(0, l.MlpChannels.Count));
        Assert.Equal([1, null, 1], least.Layers.Select(l => l.HeadPairs?.Count));
        Assert.All(TopShares.Of(Shape, Importance, new KeepShares(1, 0, 0.5)).Layers, l => Assert.Null(l.HeadPairs));
    }

    [Fact]
    public void Of_Depth_KeepsTheMostImportantLayersInOrder()
    {
        Assert.Equal([0, 1], TopShares.Of(Shape, Importance, new KeepShares(), 2).Layers.Select(l => l.SourceLayer));
        Assert.Equal([1], TopShares.Of(Shape, Importance, new KeepShares(), 1).Layers.Select(l => l.SourceLayer));
    }

    [Fact]
    public void Of_BadInput_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => TopShares.Of(Shape, Importance with { Layers = Importance.Layers.RemoveAt(0) }, new KeepShares()));
        Assert.Throws<ArgumentException>(() => TopShares.Of(Shape with { HeadSize = 6 }, Importance, new KeepShares()));
        Assert.Throws<ArgumentException>(() => TopShares.Of(Shape, Importance.WithLayers([1, double.NaN, 1]), new KeepShares()));
        Assert.Contains("The share of HeadPairs to keep is 1.5", Assert.Throws<ArgumentException>(() => TopShares.Of(Shape, Importance, new KeepShares(1, 1, 1.5))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TopShares.Of(Shape, Importance, new KeepShares(double.NaN)));
        Assert.Throws<ArgumentOutOfRangeException>(() => TopShares.Of(Shape, Importance, new KeepShares(), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TopShares.Of(Shape, Importance, new KeepShares(), 4));
    }
}
