using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Cpu;

public sealed class CpuSuperNetworkLifeTests
{
    private static readonly LlamaConfiguration Configuration = RandomCheckpoint.Configuration(2, 32, 8, 2, 2, 40, 50);

    [Fact]
    public void Load_TensorOfAnotherShape_NamesIt()
    {
        using var checkpoint = RandomCheckpoint.Make(Configuration, 1);
        using var wrong = Replaced(checkpoint, layer => layer with { UpProj = new InMemoryTensor("model.layers.1.mlp.up_proj.weight", 40, 31, new float[40 * 31]) });
        var error = Assert.Throws<NasClusterException>(() => new CpuSuperNetwork(wrong));
        Assert.Equal("model.layers.1.mlp.up_proj.weight is 40 x 31; the configuration needs 40 x 32.", error.Message);
    }

    [Fact]
    public void Load_OddHeadSize_IsRefused()
    {
        using var made = RandomCheckpoint.Make(Configuration with { HeadSize = 7 }, 1);
        var error = Assert.Throws<NasClusterException>(() => new CpuSuperNetwork(made));
        Assert.Contains("HeadSize is 7", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Load_WeightNotFinite_NamesItsPlace(float value)
    {
        var values = new float[40 * 32];
        values[(13 * 32) + 5] = value;
        using var checkpoint = RandomCheckpoint.Make(Configuration, 1);
        using var wrong = Replaced(checkpoint, layer => layer with { GateProj = new InMemoryTensor("gate", 40, 32, values) });
        var error = Assert.Throws<NasClusterException>(() => new CpuSuperNetwork(wrong));
        Assert.Contains("row 13, column 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Extract_CheckpointDisposedOf_StillWorks()
    {
        CpuSuperNetwork network;
        using (var checkpoint = RandomCheckpoint.Make(Configuration, 1))
        {
            network = new CpuSuperNetwork(checkpoint);
        }

        var architecture = new Architecture([new LayerArchitecture(1, ChannelSelection.Leading(1), ChannelSelection.Set([3, 7, 39]))]);
        var request = new ScoringRequest([1, 2, 3, 4], 1, true);
        using var part = network.Extract(architecture);
        Assert.Equal(new LlamaLayerShape(1, 3), Assert.Single(part.Info.Configuration.Layers));
        var inside = network.Score([architecture], [request], default)[0][0];
        network.Dispose();
        var alone = part.Score([part.Info.Configuration.FullArchitecture], [request], default)[0][0];
        Assert.Equal(inside.PerToken.AsSpan(), alone.PerToken.AsSpan());
        Assert.Throws<ObjectDisposedException>(() => network.Extract(architecture));
    }

    [Fact]
    public void Dispose_WhileOthersScore_LetsThemFinishOrFailCleanly()
    {
        using var checkpoint = RandomCheckpoint.Make(Configuration, 1);
        var requests = Enumerable.Range(0, 20).Select(i => new ScoringRequest([.. Enumerable.Range(i, 30)], 1)).ToArray();
        for (var round = 0; round < 20; round++)
        {
            var network = new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = 2 });
            var expected = network.Score([Configuration.FullArchitecture], requests, default)[0][0].Sum;
            using var started = new Barrier(3);
            var outcomes = new object[2];
            var threads = Enumerable.Range(0, 2).Select(i => new Thread(() =>
            {
                started.SignalAndWait();
                try
                {
                    outcomes[i] = network.Score([Configuration.FullArchitecture], requests, default)[0][0].Sum;
                }
                catch (ObjectDisposedException e)
                {
                    outcomes[i] = e;
                }
            })).ToArray();
            Array.ForEach(threads, t => t.Start());
            started.SignalAndWait();
            network.Dispose();
            Array.ForEach(threads, t => t.Join());
            Assert.All(outcomes, o => Assert.True(o is ObjectDisposedException || o.Equals(expected)));
        }
    }

    [Fact]
    public void Score_CancelledBetweenLayers_StopsAndLeavesTheNetworkUsable()
    {
        using var checkpoint = RandomCheckpoint.Make(Configuration, 1);
        using var network = new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = 2 });
        using var source = new CancellationTokenSource();
        var requests = new CancellingRequests(source, [.. Enumerable.Repeat(new ScoringRequest([.. Enumerable.Range(0, 50)], 1), 200)]);
        Assert.ThrowsAny<OperationCanceledException>(() => network.Score([Configuration.FullArchitecture], requests, source.Token));
        Assert.Equal(50, network.NextTokenLogits(Configuration.FullArchitecture, [1]).Length);
    }

    [Fact]
    public void NextTokenLogits_NoTokens_IsRefused()
    {
        using var checkpoint = RandomCheckpoint.Make(Configuration, 1);
        using var network = new CpuSuperNetwork(checkpoint);
        Assert.Throws<ArgumentOutOfRangeException>(() => network.NextTokenLogits(Configuration.FullArchitecture, []));
    }

    [Fact]
    public void Extract_Everything_HasTheSameFingerprintAsTheWhole()
    {
        using var made = RandomCheckpoint.Make(Configuration, 1);
        using var whole = SubNetworkCheckpoint.Extract(made, Configuration.FullArchitecture);
        using var part = SubNetworkCheckpoint.Extract(made, new Architecture(Configuration.FullArchitecture.Layers[..1]));
        Assert.Equal(CheckpointFingerprint.Compute(made), whole.Fingerprint);
        Assert.NotEqual(whole.Fingerprint, part.Fingerprint);
        Assert.Equal("model.layers.0.mlp.up_proj.weight", part.Layers[0].UpProj.Name);
    }

    private static InMemoryCheckpoint Replaced(InMemoryCheckpoint from, Func<LlamaLayerWeights, LlamaLayerWeights> change) =>
        new(from.Configuration, "changed", from.EmbedTokens, from.Norm, from.LmHead, [from.Layers[0], change(from.Layers[1])]);

    // Cancels while the first batch is being put together: after the check at the start of the call.
    private sealed class CancellingRequests(CancellationTokenSource source, ScoringRequest[] requests) : IReadOnlyList<ScoringRequest>
    {
        private int _reads;

        public int Count => requests.Length;

        public ScoringRequest this[int index]
        {
            get
            {
                if (++_reads == 2 * requests.Length)
                {
                    source.Cancel();
                }

                return requests[index];
            }
        }

        public IEnumerator<ScoringRequest> GetEnumerator() => requests.AsEnumerable().GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => requests.GetEnumerator();
    }
}
