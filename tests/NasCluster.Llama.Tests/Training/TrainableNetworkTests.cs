using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Training;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Training;

public sealed class TrainableNetworkTests
{
    private static readonly CpuEngineOptions[] Ways =
    [
        new() { Threads = 1, VectorPath = VectorPath.Vector512 },
        new() { Threads = 1, VectorPath = VectorPath.Vector256 },
        new() { Threads = 1, VectorPath = VectorPath.Vector128 },
        new() { Threads = 1, VectorPath = VectorPath.Scalar },
        new() { Threads = 2 },
        new() { Threads = 3, VectorPath = VectorPath.Vector256 },
        new() { Threads = 3 },
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void LossAndGradients_AnyThreadsWidthAndRecomputation_HasTheSameBits(int seed)
    {
        var random = new Random(seed);
        var configuration = RandomCheckpoint.Configuration(
            layers: 3,
            hidden: random.Next(1, 70),
            headSize: 2 * random.Next(1, 20),
            kvHeads: random.Next(1, 4),
            queryHeadsPerKvHead: random.Next(1, 4),
            intermediate: random.Next(10, 300),
            vocabulary: random.Next(2, 300),
            tied: seed % 2 == 0);
        using var checkpoint = RandomCheckpoint.Make(configuration, seed);
        var architecture = seed > 2 ? configuration.FullArchitecture : TrainingCases.Narrow(configuration);
        var sequences = TrainingCases.Sequences(configuration, seed, 40, 3, 90, 2, 33, 20, 64);
        byte[]? expected = null;
        foreach (var way in Ways)
        {
            foreach (var recompute in new[] { false, true })
            {
                var bytes = Bits(checkpoint, architecture, sequences, way, recompute);
                Assert.True(bytes.AsSpan().SequenceEqual(expected ??= bytes), $"{way}, recompute {recompute}");
            }
        }
    }

    [Fact]
    public void LossAndGradients_ManyRunsOfLogits_AgreesWithOneSequenceAtATime()
    {
        // 4,194,304 logits at once are those of 31 panels, since 4,096 words are padded to 4,104: this batch takes two runs.
        var configuration = RandomCheckpoint.Configuration(1, 6, 4, 1, 1, 5, vocabulary: 4096);
        using var checkpoint = RandomCheckpoint.Make(configuration, 2);
        using var network = new TrainableNetwork(checkpoint, new CpuEngineOptions { Threads = 2 });
        var sequences = TrainingCases.Sequences(configuration, 1, [.. Enumerable.Repeat(100, 14)]);
        var scored = sequences.Sum(s => s.ScoredCount);
        Assert.InRange(scored, (31 * 32) + 1, 62 * 32);
        var (together, apart) = (ParameterSet.Zero(configuration), ParameterSet.Zero(configuration));
        var loss = network.LossAndGradients(configuration.FullArchitecture, sequences, together);
        var sum = sequences.Sum(s =>
            network.LossAndGradients(configuration.FullArchitecture, [s], apart, (float)s.ScoredCount / scored) * s.ScoredCount / scored);
        Assert.Equal(sum, loss, 1e-6);
        foreach (var (a, b) in together.Tensors.Zip(apart.Tensors))
        {
            var largest = a.Values.Max(Math.Abs);
            Assert.All(a.Values.Zip(b.Values), v => Assert.InRange(v.First - v.Second, -1e-5 * largest, 1e-5 * largest));
        }
    }

    [Fact]
    public void LossAndGradients_SubNetwork_LeavesTheRestUntouchedAndAddsToWhatIsThere()
    {
        var configuration = TrainingCases.Grouped(tied: false);
        using var checkpoint = RandomCheckpoint.Make(configuration, 1);
        using var network = new TrainableNetwork(checkpoint, new CpuEngineOptions { Threads = 2 });
        var sequences = TrainingCases.Sequences(configuration, 1, 40, 9);
        var architecture = TrainingCases.Narrow(configuration);
        var (fresh, used) = (ParameterSet.Zero(configuration), ParameterSet.Zero(configuration));
        foreach (var tensor in used.Tensors)
        {
            Array.Fill(tensor.Values, 7f);
        }

        network.LossAndGradients(architecture, sequences, fresh);
        network.LossAndGradients(architecture, sequences, used);
        foreach (var (f, u) in fresh.Tensors.Zip(used.Tensors))
        {
            Assert.All(f.Values.Zip(u.Values), v => Assert.Equal(7f + v.First, v.Second, 1e-6f));
        }

        // Group 0 of layer 0 is 2 heads of 6 rows, and 8 MLP channels stay; layer 1 is left out; layer 2 keeps 5 channels.
        var hidden = configuration.HiddenSize;
        AssertInside(fresh, "layers.0.self_attn.q_proj", (row, _) => row < 12);
        AssertInside(fresh, "layers.0.self_attn.k_proj", (row, _) => row < 6);
        AssertInside(fresh, "layers.0.self_attn.v_proj", (row, _) => row < 6);
        AssertInside(fresh, "layers.0.self_attn.o_proj", (_, column) => column < 12);
        AssertInside(fresh, "layers.0.mlp.gate_proj", (row, _) => row < 8);
        AssertInside(fresh, "layers.0.mlp.down_proj", (_, column) => column < 8);
        AssertInside(fresh, "layers.2.mlp.up_proj", (row, _) => row < 5);
        AssertInside(fresh, "layers.2.self_attn.q_proj", (_, column) => column < hidden);
        Assert.All(fresh.Tensors.Where(t => t.Name.Contains("layers.1.", StringComparison.Ordinal)), t => Assert.All(t.Values, v => Assert.Equal(0f, v)));
    }

    [Fact]
    public void LossAndGradients_AnySubNetwork_HasTheLossThatScoringGives()
    {
        var configuration = TrainingCases.Grouped(tied: true);
        using var checkpoint = RandomCheckpoint.Make(configuration, 5);
        using var network = new TrainableNetwork(checkpoint);
        using var engine = new CpuSuperNetwork(checkpoint);
        var sequences = TrainingCases.Sequences(configuration, 8, 70, 5, 31);
        foreach (var architecture in new[] { configuration.FullArchitecture, TrainingCases.Narrow(configuration) })
        {
            var scores = engine.Score([architecture], sequences, default)[0];
            var loss = network.LossAndGradients(architecture, sequences, ParameterSet.Zero(configuration));
            Assert.Equal(-scores.Sum(s => s.Sum) / sequences.Sum(s => s.ScoredCount), loss, 1e-6);
        }
    }

    [Fact]
    public void WeightsChanged_StepsOfGradientDescent_LearnASequence()
    {
        var configuration = TrainingCases.Grouped(tied: true);
        using var checkpoint = RandomCheckpoint.Make(configuration, 5);
        using var network = new TrainableNetwork(checkpoint, new CpuEngineOptions { Threads = 2 });
        var sequences = TrainingCases.Sequences(configuration, 8, 40);
        var gradients = ParameterSet.Zero(configuration);
        var first = Step();
        var last = first;
        for (var step = 0; step < 60; step++)
        {
            last = Step();
        }

        Assert.InRange(last, 0, 0.5 * first);
        using var trained = network.Weights.ToCheckpoint();
        using var engine = new CpuSuperNetwork(trained);
        var score = engine.Score([configuration.FullArchitecture], sequences, default)[0][0];
        gradients.Clear();
        Assert.Equal(network.LossAndGradients(configuration.FullArchitecture, sequences, gradients), -score.Sum / sequences[0].ScoredCount, 1e-6);

        double Step()
        {
            gradients.Clear();
            var loss = network.LossAndGradients(configuration.FullArchitecture, sequences, gradients);
            foreach (var (weights, gradient) in network.Weights.Tensors.Zip(gradients.Tensors))
            {
                for (var i = 0; i < weights.Values.Length; i++)
                {
                    weights.Values[i] -= 0.1f * gradient.Values[i];
                }
            }

            network.WeightsChanged();
            return loss;
        }
    }

    [Fact]
    public void ToCheckpoint_Unchanged_HasTheFingerprintOfTheSource()
    {
        var configuration = TrainingCases.Grouped(tied: false) with { Layers = [new LlamaLayerShape(0, 13), new LlamaLayerShape(2, 0)] };
        using var checkpoint = RandomCheckpoint.Make(configuration, 3);
        var weights = ParameterSet.Copy(checkpoint);
        using var copy = weights.ToCheckpoint();
        Assert.Equal(CheckpointFingerprint.Compute(checkpoint), copy.Fingerprint);
        weights.Tensors[0].Values[0]++;
        Assert.Equal(copy.Fingerprint, CheckpointFingerprint.Compute(copy));
        using var changed = weights.ToCheckpoint();
        Assert.NotEqual(copy.Fingerprint, changed.Fingerprint);
    }

    [Fact]
    public void LossAndGradients_OneLogitIsNotANumber_GivesALossThatIsNot()
    {
        var configuration = TrainingCases.Grouped(tied: false);
        using var checkpoint = RandomCheckpoint.Make(configuration, 3);
        using var network = new TrainableNetwork(checkpoint);
        network.Weights.Tensors[^1].Values[(12 * configuration.HiddenSize) + 1] = float.NaN;
        network.WeightsChanged();
        var loss = network.LossAndGradients(configuration.FullArchitecture, [new ScoringRequest([1, 2, 3], 1)], ParameterSet.Zero(configuration));
        Assert.Equal(double.NaN, loss);
    }

    [Fact]
    public void LossAndGradients_WhatDoesNotFit_SaysWhatAndWhere()
    {
        var configuration = TrainingCases.Grouped(tied: true) with { MaximumPositions = 8 };
        using var checkpoint = RandomCheckpoint.Make(configuration, 3);
        using var network = new TrainableNetwork(checkpoint);
        var gradients = ParameterSet.Zero(configuration);
        var set = new Architecture([new LayerArchitecture(1, ChannelSelection.Leading(1), ChannelSelection.Set([0, 4]))]);
        Assert.Equal(
            "The architecture keeps the set [0,4] of MLP channels in layer 1; training takes leading MLP channels only.",
            Message(set, new ScoringRequest([1, 2], 1)));
        Assert.Equal(
            "The architecture keeps head pairs [1] in layer 1; training takes whole heads only.",
            Message(new Architecture([set.Layers[0] with { MlpChannels = ChannelSelection.Leading(1), HeadPairs = ChannelSelection.Set([1]) }]), new ScoringRequest([1, 2], 1)));
        Assert.Equal(
            "Token 13 at place 1 of sequence 0 is not in the vocabulary, which has ids 0 to 12.",
            Message(configuration.FullArchitecture, new ScoringRequest([1, 13], 1)));
        Assert.Equal(
            "There are 10 tokens in sequence 0; the network takes at most 8 and one to predict.",
            Message(configuration.FullArchitecture, new ScoringRequest([.. new int[10]], 1)));
        Assert.All(gradients.Tensors, t => Assert.All(t.Values, v => Assert.Equal(0f, v)));

        string Message(Architecture architecture, ScoringRequest request) =>
            Assert.Throws<NasClusterException>(() => network.LossAndGradients(architecture, [request], gradients)).Message;
    }

    [Fact]
    public void Constructor_NetworkThatIsNotTrained_SaysWhy()
    {
        var configuration = TrainingCases.Grouped(tied: true);
        AssertRefused(configuration with { HasOutputBiases = true }, "The network has output biases; training takes networks without biases and with whole heads only.");
        AssertRefused(
            configuration with { Layers = [configuration.Layers[0], configuration.Layers[1] with { HeadPairs = ChannelSelection.Leading(1) }] },
            "The network has heads that lack rotary pairs; training takes networks without biases and with whole heads only.");

        static void AssertRefused(LlamaConfiguration refused, string message)
        {
            using var checkpoint = RandomCheckpoint.Make(refused, 1);
            Assert.Equal(message, Assert.Throws<NasClusterException>(() => new TrainableNetwork(checkpoint)).Message);
            Assert.Equal(message, Assert.Throws<NasClusterException>(() => ParameterSet.Zero(refused)).Message);
        }
    }

    private static byte[] Bits(LlamaCheckpoint checkpoint, Architecture architecture, ScoringRequest[] sequences, CpuEngineOptions way, bool recompute)
    {
        using var network = new TrainableNetwork(checkpoint, way, new TrainingOptions { Recompute = recompute });
        var gradients = ParameterSet.Zero(checkpoint.Configuration);
        var loss = network.LossAndGradients(architecture, sequences, gradients);

        // Once more, in working memory that has been used before.
        Assert.Equal(loss, network.LossAndGradients(architecture, sequences, gradients));
        return
        [
            .. BitConverter.GetBytes(loss),
            .. gradients.Tensors.SelectMany(t => t.Values).SelectMany(BitConverter.GetBytes),
        ];
    }

    private static void AssertInside(ParameterSet gradients, string name, Func<int, int, bool> isInside)
    {
        var tensor = gradients.Tensors.Single(t => t.Name.Contains(name, StringComparison.Ordinal));
        for (var i = 0; i < tensor.Values.Length; i++)
        {
            Assert.Equal(isInside(i / tensor.Columns, i % tensor.Columns), tensor.Values[i] != 0);
        }
    }
}
