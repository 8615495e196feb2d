using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Calibration;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Repair;
using NasCluster.Llama.Tests.Checkpoints;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Repair;

public sealed class RepairedNetworkTests
{
    private static readonly LlamaConfiguration Shape = TrainingCases.Grouped(tied: false) with { Layers = [new(2, 17), new(0, 5), new(2, 0), new(3, 20)] };

    private static readonly IReadOnlyList<ScoringRequest>[] Batches = [TrainingCases.Sequences(Shape, 1, 90, 70), TrainingCases.Sequences(Shape, 2, 100, 128)];

    private static readonly Architecture Narrow = new(
        [
            new LayerArchitecture(0, ChannelSelection.Set([1]), ChannelSelection.Set([0, 2, 3, 5, 8, 9, 10, 11, 13, 14, 16])),
            new LayerArchitecture(1, ChannelSelection.Leading(0), ChannelSelection.Leading(3)),
            new LayerArchitecture(3, ChannelSelection.Set([0, 2]), ChannelSelection.Leading(0)),
        ]);

    [Fact]
    public void Of_FullArchitecture_IsTheNetworkItself()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        using var repaired = RepairedNetwork.Of(checkpoint, Shape.FullArchitecture, Statistics(checkpoint)).Checkpoint;
        SmallNetworks.AssertSame(checkpoint, repaired);
        Assert.Equal(CheckpointFingerprint.Compute(checkpoint), repaired.Fingerprint);
    }

    [Fact]
    public void Of_NoRepair_IsTheExtractedNetwork()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        using var extracted = SubNetworkCheckpoint.Extract(checkpoint, Narrow);
        using var repaired = RepairedNetwork.Of(checkpoint, Narrow, Statistics(checkpoint), new RepairOptions { Method = RepairMethod.None }).Checkpoint;
        SmallNetworks.AssertSame(extracted, repaired);
        Assert.Equal(extracted.Fingerprint, repaired.Fingerprint);
    }

    [Fact]
    public void Of_Narrow_ReplacesOutputsAloneAndReportsEachMatrix()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        using var extracted = SubNetworkCheckpoint.Extract(checkpoint, Narrow);

        var (network, layers) = RepairedNetwork.Of(checkpoint, Narrow, Statistics(checkpoint));

        Assert.Equal(extracted.Configuration, network.Configuration);
        foreach (var (before, after) in TensorCatalog.Tensors(extracted).Zip(TensorCatalog.Tensors(network)))
        {
            var isOutput = before.Name.Contains("o_proj", StringComparison.Ordinal) || before.Name.Contains("down_proj", StringComparison.Ordinal);
            Assert.Equal((before.Name, before.Rows, before.Columns), (after.Name, after.Rows, after.Columns));
            Assert.Equal(!isOutput, Enumerable.Range(0, before.Rows).All(r => SmallNetworks.Row(before, r).SequenceEqual(SmallNetworks.Row(after, r))));
        }

        Assert.Equal([0, 1, 3], layers.Select(l => l.SourceLayer));
        Assert.Equal(
            [("model.layers.0.self_attn.o_proj.weight", 24, 12), ("model.layers.0.mlp.down_proj.weight", 17, 11), ("model.layers.1.mlp.down_proj.weight", 5, 3), ("model.layers.3.self_attn.o_proj.weight", 36, 24)],
            layers.SelectMany(l => new[] { l.Output, l.Down }).OfType<ProjectionRepair>().Select(r => (r.Name, r.Channels, r.Kept)));
        Assert.All(layers.SelectMany(l => new[] { l.Output, l.Down }).OfType<ProjectionRepair>(), r => Assert.InRange(r.ErrorAfter, 0.001, 0.999 * r.ErrorBefore));
        Assert.NotEqual(extracted.Fingerprint, network.Fingerprint);
    }

    [Fact]
    public void Of_OneLayerRepaired_BringsItsOutputNearer()
    {
        // With the attention whole, the MLP's input is that of the whole network, and the report's error is that of the stream.
        using var checkpoint = RandomCheckpoint.Make(Shape with { Layers = [new(2, 17)] }, 4);
        var statistics = CalibrationPass.Gather(checkpoint, Batches, new CalibrationOptions { LeastTokens = 1 });
        var narrow = new Architecture([new LayerArchitecture(0, ChannelSelection.Leading(2), ChannelSelection.Leading(11))]);
        var (repaired, report) = RepairedNetwork.Of(checkpoint, narrow, statistics);
        using var whole = new ReferenceStream(checkpoint);
        using var none = new ReferenceStream(SubNetworkCheckpoint.Extract(checkpoint, narrow));
        using var after = new ReferenceStream(repaired);

        var (before, now) = (whole.Distance(none, Batches), whole.Distance(after, Batches));

        Assert.Equal(report[0].Down!.ErrorAfter / report[0].Down!.ErrorBefore, now / before, 1e-4);
    }

    [Fact]
    public void Of_RotaryPairs_RepairsWhatTheExtractedNetworkKeeps()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        var statistics = Statistics(checkpoint);
        var architecture = new Architecture(
            [new LayerArchitecture(0, ChannelSelection.Set([1]), ChannelSelection.Leading(17), ChannelSelection.Set([0, 2]))]);
        using var extracted = SubNetworkCheckpoint.Extract(checkpoint, architecture);
        if (extracted.Layers[0].OProj.Columns != 8)
        {
            // Extraction that keeps whole heads in spite of the pairs must not be given a matrix without them.
            Assert.Throws<NasClusterException>(() => RepairedNetwork.Of(checkpoint, architecture, statistics));
            return;
        }

        var (none, before) = RepairedNetwork.Of(checkpoint, architecture, statistics, new RepairOptions { Method = RepairMethod.None });
        var (_, after) = RepairedNetwork.Of(checkpoint, architecture, statistics);

        // The columns that the one picks are those that the other does.
        SmallNetworks.AssertSame(extracted, none);
        Assert.Equal((24, 8), (after[0].Output!.Channels, after[0].Output!.Kept));
        Assert.InRange(after[0].Output!.ErrorAfter, 0, 0.999 * before[0].Output!.ErrorAfter);
    }

    [Fact]
    public void Of_Threads_ChangeNoBit()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        var names = new[] { 1, 3 }.Select(threads =>
        {
            var engine = new CpuEngineOptions { Threads = threads };
            var statistics = CalibrationPass.Gather(checkpoint, Batches, new CalibrationOptions { LeastTokens = 1 }, engine);
            return RepairedNetwork.Of(checkpoint, Narrow, statistics, engine: engine).Checkpoint.Fingerprint;
        }).ToArray();
        Assert.Equal(names[0], names[1]);
    }

    [Fact]
    public void Of_StatisticsOneByOne_AreAskedForInOrderAndOnlyWhereNeeded()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        var statistics = Statistics(checkpoint);
        var asked = new List<(int, LayerInput)>();

        using var repaired = RepairedNetwork.Of(checkpoint, Narrow, (layer, input) =>
        {
            asked.Add((layer, input));
            return statistics.Layers[layer][input];
        }).Checkpoint;

        Assert.Equal([(0, LayerInput.Output), (0, LayerInput.Down), (1, LayerInput.Down), (3, LayerInput.Output)], asked);
        Assert.Equal(RepairedNetwork.Of(checkpoint, Narrow, statistics).Checkpoint.Fingerprint, repaired.Fingerprint);
    }

    [Fact]
    public void Of_ForeignOrMissingStatistics_SaysWhatIsNeeded()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        var statistics = Statistics(checkpoint);
        Assert.Equal(
            "The calibration statistics are of a network of another shape; they must be of the one that is repaired.",
            Assert.Throws<NasClusterException>(() => RepairedNetwork.Of(checkpoint, Narrow, statistics with { Configuration = Shape with { RopeTheta = 1 } })).Message);
        Assert.Equal(
            "There are no calibration statistics of the Down input of layer 0, which model.layers.0.mlp.down_proj.weight is repaired by.",
            Assert.Throws<NasClusterException>(() => RepairedNetwork.Of(checkpoint, Narrow, (layer, input) => input == LayerInput.Down ? null : statistics.Layers[layer][input])).Message);
    }

    [Fact]
    public void Output_GroupsAndPairs_AreBothHalvesOfEveryHeadAscending()
    {
        // Head size 6, two query heads for each group: group 1 is heads 2 and 3.
        var layer = new LayerArchitecture(0, ChannelSelection.Set([1]), ChannelSelection.Leading(1), ChannelSelection.Set([0, 2]));
        Assert.Equal([12, 14, 15, 17, 18, 20, 21, 23], KeptInputs.Output(Shape, layer).AsEnumerable());
        Assert.Equal(Enumerable.Range(12, 12), KeptInputs.Output(Shape, layer with { HeadPairs = null }));
        Assert.Equal(Enumerable.Range(0, 24), KeptInputs.Output(Shape, layer with { KvGroups = ChannelSelection.Leading(2), HeadPairs = ChannelSelection.Leading(3) }));
        Assert.Empty(KeptInputs.Output(Shape, layer with { KvGroups = ChannelSelection.Leading(0) }));
    }

    private static CalibrationStatistics Statistics(LlamaCheckpoint checkpoint) =>
        CalibrationPass.Gather(checkpoint, Batches, new CalibrationOptions { LeastTokens = 1 });

    // The residual stream after the last layer, as the training path computes it.
    private sealed unsafe class ReferenceStream(LlamaCheckpoint checkpoint) : IDisposable
    {
        private readonly Llama.Training.TrainableNetwork _network = new(checkpoint);

        public double Distance(ReferenceStream other, IReadOnlyList<ScoringRequest>[] batches) =>
            Math.Sqrt(batches.Sum(b => Stream(b).Zip(other.Stream(b), (x, y) => (x - y) * (x - y)).Sum()));

        public void Dispose() => _network.Dispose();

        private List<double> Stream(IReadOnlyList<ScoringRequest> batch)
        {
            var values = new List<double>();
            _network.Observe(batch, (shape, _, _, _, output) =>
            {
                values.Clear();
                for (var t = 0; t < shape.Batch.Rows; t++)
                {
                    for (var c = 0; c < shape.Configuration.HiddenSize; c++)
                    {
                        values.Add(output[(t / 32 * shape.Hidden) + (c * 32) + (t % 32)]);
                    }
                }
            });
            return values;
        }
    }
}
