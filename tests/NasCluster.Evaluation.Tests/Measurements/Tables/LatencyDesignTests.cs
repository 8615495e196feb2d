using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Measurements.Tables;
using NasCluster.Evaluation.Tests.Fakes;

namespace NasCluster.Evaluation.Tests.Measurements.Tables;

public sealed class LatencyDesignTests
{
    private static readonly LlamaConfiguration Configuration = BigramNetwork.Configuration();

    [Fact]
    public void Fitted_FewOptions_AreCrossedAtThreeDepths()
    {
        var design = new LatencyDesign(Configuration, LlamaSpaceOptions.Uniform(4, [2, 4], [8, 16], [1, 2]), 10, 1);

        Assert.Equal(new LayerKnots([1, 2], [2], [8, 16], []), design.Knots with { Sizes = [] });

        // Two by two options at depths 2, 3 and 4, and at 4 attention alone and MLPs alone.
        Assert.Equal((2 * 2 * 3) + 2, design.Fitted.Length);
        Assert.Equal([2, 3, 4], design.Fitted.Select(a => a.Layers.Length).Distinct().Order());
        Assert.All(design.Fitted, a => Assert.Single(a.Layers.Select(l => (l.KvGroups, l.MlpChannels)).Distinct()));
        Assert.Single(design.Fitted, a => a.Layers[0].MlpChannels.Count == 0);
        Assert.Single(design.Fitted, a => a.Layers[0].KvGroups.Count == 0);
        Assert.All(design.Fitted.Concat(design.HeldOut), Configuration.Check);
    }

    [Fact]
    public void Weights_OfTheFitted_TellEveryTimeFromTheOthers()
    {
        var design = new LatencyDesign(Configuration, LlamaSpaceOptions.Uniform(4, [2, 3, 4], [4, 8, 16], [1, 2]), 10, 1);
        var random = new Random(2);
        double[] truth = [.. Enumerable.Range(0, design.Knots.Count).Select(_ => 0.1 + random.NextDouble())];
        double[][] rows = [.. design.Fitted.Select(a => design.Knots.Weights(Configuration.Extract(a)))];
        var found = Core.Numerics.NonNegativeLeastSquares.Solve(rows, [.. rows.Select(r => r.Zip(truth, (a, b) => a * b).Sum())]);
        Assert.All(truth.Zip(found).Take(design.Knots.Count - design.Knots.Sizes.Length), p => Assert.Equal(p.First, p.Second, 4));
    }

    [Fact]
    public void HeldOut_AnySpace_AreOfItDistinctNotFittedAndTheSameAgain()
    {
        var space = LlamaSpaceOptions.Uniform(4, [2, 4], [4, 8, 12, 16], [1, 2], layerOrder: [3, 1, 0, 2]);
        var design = new LatencyDesign(Configuration, space, 30, 7);
        Assert.Equal(30, design.HeldOut.Length);
        Assert.Equal(30, design.HeldOut.Except(design.Fitted).Distinct().Count());
        Assert.All(design.HeldOut, a =>
        {
            Assert.Contains(a.Layers.Length, space.Depths);
            Assert.Equal(a.Layers.Length == 2 ? [1, 3] : [0, 1, 2, 3], a.Layers.Select(l => l.SourceLayer));
            Assert.All(a.Layers, l => Assert.True(l.MlpChannels.Count % 4 == 0 && l.MlpChannels.Count > 0 && l.KvGroups.Count > 0));
            design.Knots.Weights(Configuration.Extract(a));
        });
        Assert.Equal(design.HeldOut.AsEnumerable(), new LatencyDesign(Configuration, space, 30, 7).HeldOut);
        Assert.NotEqual(design.HeldOut.AsEnumerable(), new LatencyDesign(Configuration, space, 30, 8).HeldOut);
    }

    [Fact]
    public void Knots_ManyWidths_AreSpreadFromTheLeastToTheMost()
    {
        var wide = Configuration with { Layers = [.. Enumerable.Repeat(new LlamaLayerShape(2, 1000), 4)] };
        var design = new LatencyDesign(wide, LlamaSpaceOptions.Uniform(4, [4], [.. Enumerable.Range(1, 1000)]), 10, 1);
        Assert.Equal(LatencyDesign.MostMlpKnots, design.Knots.MlpChannels.Length);
        Assert.Equal((1, 1000), (design.Knots.MlpChannels[0], design.Knots.MlpChannels[^1]));

        // A depth that is the only one is compared with half of it.
        Assert.Contains(design.Fitted, a => a.Layers.Length == 2);
    }

    [Fact]
    public void Fitted_UnequalLayersAndPairs_TakeWhatEachLayerCan()
    {
        var unequal = Configuration with { Layers = [new(2, 16), new(1, 4), new(0, 8), new(2, 0)] };
        var space = new LlamaSpaceOptions
        {
            Depths = [4],
            MlpWidths = [[8, 16], [2, 4], [8], [0]],
            HeadPairCounts = [[1, 2], [1, 2], [0], [1, 2]],
        };
        var design = new LatencyDesign(unequal, space, 5, 1);
        Assert.Equal(new LayerKnots([1, 2], [1, 2], [2, 4, 8, 16], []), design.Knots with { Sizes = [] });
        Assert.All(design.Fitted.Concat(design.HeldOut), a =>
        {
            unequal.Check(a);
            design.Knots.Weights(unequal.Extract(a));
        });
        Assert.Contains(design.HeldOut, a => a.Layers.Any(l => l.HeadPairs == ChannelSelection.Leading(1)));
    }

    [Fact]
    public void Constructor_NothingToHoldOut_IsRefused()
    {
        var failure = Assert.Throws<NasClusterException>(() => new LatencyDesign(Configuration, LlamaSpaceOptions.Uniform(4, [4]), 5, 1));
        Assert.Contains("no network beside", failure.Message, StringComparison.Ordinal);
        Assert.Contains("does not fit", Assert.Throws<NasClusterException>(() => new LatencyDesign(Configuration, LlamaSpaceOptions.Uniform(4, [5]), 5, 1)).Message, StringComparison.Ordinal);
    }
}
