using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using Xunit;

namespace NasCluster.Testing;

/// <summary>What every engine that decodes token by token must do; such an engine also shows next-token logits, and they are what it is held to.</summary>
public abstract class DecodingContract
{
    private static readonly LlamaConfiguration Shape = SuperNetworkContract.Shapes[0];

    /// <summary>Loads a checkpoint; the test disposes of the network.</summary>
    protected abstract ISuperNetwork Load(LlamaCheckpoint checkpoint);

    /// <summary>How far two ways to the same logit may differ; 0 demands the same bits.</summary>
    protected virtual double Tolerance => 0;

    /// <summary>Random sub-networks tried of each shape.</summary>
    protected virtual int Trials => 6;

    [ContractFact]
    public void Advance_InAnySteps_HasTheLogitsOfTheWholeSequences()
    {
        var shapes = SuperNetworkContract.Shapes;
        for (var shape = 0; shape < shapes.Length; shape++)
        {
            using var checkpoint = RandomCheckpoint.Make(shapes[shape], 200 + shape);
            using var network = Load(checkpoint);
            var random = new Random(shape);
            for (var trial = 0; trial < Trials; trial++)
            {
                var architecture = trial == 0 ? shapes[shape].FullArchitecture : RandomCheckpoint.Architecture(shapes[shape], random);
                var length = random.Next(1, 101);
                var sequences = Sequences(shapes[shape], random, random.Next(1, 6), length);
                var expected = Array.ConvertAll(sequences, s => ((INextTokenLogits)network).NextTokenLogits(architecture, s));
                foreach (var steps in new[] { [length], [.. Enumerable.Repeat(1, length)], Uneven(length, random), [length - (length / 3), .. Enumerable.Repeat(1, length / 3)] })
                {
                    AssertSteps(network, architecture, sequences, expected, steps, capacity: random.Next(length, 129));
                }
            }
        }
    }

    [ContractFact]
    public void Advance_SequencesOfDifferentSubNetworksInTurn_DoNotDisturbEachOther()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 1);
        using var network = Load(checkpoint);
        var random = new Random(1);
        var architectures = Enumerable.Range(0, 3).Select(_ => RandomCheckpoint.Architecture(Shape, random)).Append(Shape.FullArchitecture).ToArray();
        var tokens = Array.ConvertAll(architectures, _ => Sequences(Shape, random, 2, 50));
        var expected = architectures.Zip(tokens, (a, all) => Array.ConvertAll(all, s => ((INextTokenLogits)network).NextTokenLogits(a, s))).ToArray();
        var begun = Array.ConvertAll(architectures, a => Decoding(network).Begin(a, 2, 50));
        for (var read = 0; read < 50; read += 5)
        {
            for (var i = 0; i < begun.Length; i++)
            {
                AssertRows(expected[i], read + 4, begun[i].Advance(Step(tokens[i], read, 5), default));
            }
        }

        Array.ForEach(begun, b => b.Dispose());
    }

    [ContractFact]
    public void Advance_FromSeveralThreads_EqualsOneAfterAnother()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 2);
        using var network = Load(checkpoint);
        var random = new Random(2);
        var tokens = Enumerable.Range(0, 6).Select(_ => Sequences(Shape, random, 2, 30)).ToArray();
        var alone = Array.ConvertAll(tokens, Decode);
        var together = new float[tokens.Length][];
        var threads = tokens.Select((t, i) => new Thread(() => together[i] = Decode(t))).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        for (var i = 0; i < tokens.Length; i++)
        {
            AssertEqual(alone[i], together[i]);
        }

        float[] Decode(int[][] sequences)
        {
            using var begun = Decoding(network).Begin(Shape.FullArchitecture, 2, 30);
            return [.. Enumerable.Range(0, 30).SelectMany(t => begun.Advance(Step(sequences, t, 1), default))];
        }
    }

    [ContractFact]
    public void Advance_ExtractedNetwork_HasTheLogitsOfTheSubNetwork()
    {
        foreach (var configuration in SuperNetworkContract.Shapes)
        {
            using var checkpoint = RandomCheckpoint.Make(configuration, 3);
            using var network = Load(checkpoint);
            var random = new Random(3);
            var architecture = RandomCheckpoint.Architecture(configuration, random);
            using var part = ((IExtraction)network).Extract(architecture);
            var tokens = Sequences(configuration, random, 2, 40);
            using var inside = Decoding(network).Begin(architecture, 2, 40);
            using var alone = Decoding(part).Begin(part.Info.Configuration.FullArchitecture, 2, 40);
            for (var read = 0; read < 40; read += 8)
            {
                AssertEqual(inside.Advance(Step(tokens, read, 8), default), alone.Advance(Step(tokens, read, 8), default));
            }
        }
    }

    [ContractFact]
    public void Advance_BeyondTheCapacity_FailsAndReadsNothing()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        using var network = Load(checkpoint);
        using var begun = Decoding(network).Begin(Shape.FullArchitecture, 1, 40);
        var tokens = Sequences(Shape, new Random(4), 1, 41);
        var expected = ((INextTokenLogits)network).NextTokenLogits(Shape.FullArchitecture, tokens[0]);
        var error = Assert.Throws<NasClusterException>(() => begun.Advance(tokens[0], default));
        Assert.Contains("40", error.Message, StringComparison.Ordinal);
        begun.Advance(Step(tokens, 0, 38), default);
        Assert.Throws<NasClusterException>(() => begun.Advance(Step(tokens, 38, 3), default));
        Assert.Equal(38, begun.Length);
        AssertRows([expected], 39, begun.Advance(Step(tokens, 38, 2), default));
        Assert.Throws<NasClusterException>(() => begun.Advance(Step(tokens, 40, 1), default));
    }

    [ContractFact]
    public void Advance_TokenOutOfRange_FailsAndReadsNothing()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 5);
        using var network = Load(checkpoint);
        using var begun = Decoding(network).Begin(Shape.FullArchitecture, 2, 20);
        var tokens = Sequences(Shape, new Random(5), 2, 20);
        var expected = Array.ConvertAll(tokens, s => ((INextTokenLogits)network).NextTokenLogits(Shape.FullArchitecture, s));
        begun.Advance(Step(tokens, 0, 7), default);
        foreach (var token in new[] { -1, 61, int.MaxValue })
        {
            var error = Assert.Throws<NasClusterException>(() => begun.Advance([1, token], default));
            Assert.Contains("sequence 1", error.Message, StringComparison.Ordinal);
            Assert.Contains("60", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(7, begun.Length);
        AssertRows(expected, 19, begun.Advance(Step(tokens, 7, 13), default));
    }

    [ContractFact]
    public void Advance_Cancelled_ReadsNothing()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 6);
        using var network = Load(checkpoint);
        using var begun = Decoding(network).Begin(Shape.FullArchitecture, 1, 20);
        var tokens = Sequences(Shape, new Random(6), 1, 20);
        var expected = ((INextTokenLogits)network).NextTokenLogits(Shape.FullArchitecture, tokens[0]);
        begun.Advance(Step(tokens, 0, 10), default);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => begun.Advance(Step(tokens, 10, 10), source.Token));
        Assert.Equal(10, begun.Length);
        AssertRows([expected], 19, begun.Advance(Step(tokens, 10, 10), default));
    }

    [ContractFact]
    public void Advance_NotAsManyTokensForEach_IsRefused()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 7);
        using var network = Load(checkpoint);
        using var begun = Decoding(network).Begin(Shape.FullArchitecture, 2, 20);
        Assert.Throws<ArgumentException>(() => begun.Advance([], default));
        Assert.Throws<ArgumentException>(() => begun.Advance([1], default));
        Assert.Throws<ArgumentException>(() => begun.Advance([1, 2, 3], default));
        Assert.Equal(0, begun.Length);
        Assert.Equal(2, begun.Count);
    }

    [ContractFact]
    public void Begin_WhatDoesNotFit_Fails()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 8);
        using var network = Load(checkpoint);
        var decoding = Decoding(network);
        Assert.Throws<ArgumentOutOfRangeException>(() => decoding.Begin(Shape.FullArchitecture, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => decoding.Begin(Shape.FullArchitecture, 1, 0));
        var error = Assert.Throws<NasClusterException>(() => decoding.Begin(Shape.FullArchitecture, 1, 129));
        Assert.Contains("128", error.Message, StringComparison.Ordinal);
        var misfit = new Architecture([new LayerArchitecture(3, ChannelSelection.Leading(1), ChannelSelection.Leading(1))]);
        Assert.Throws<NasClusterException>(() => decoding.Begin(misfit, 1, 1));
    }

    [ContractFact]
    public void Advance_AfterDispose_Fails()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 9);
        using var network = Load(checkpoint);
        var begun = Decoding(network).Begin(Shape.FullArchitecture, 1, 10);
        begun.Advance([1], default);
        begun.Dispose();
        begun.Dispose();
        Assert.Throws<ObjectDisposedException>(() => begun.Advance([1], default));
    }

    [ContractFact]
    public void Advance_NetworkDisposedOf_FailsAndFreesWithoutHarm()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 10);
        var network = Load(checkpoint);
        using var begun = Decoding(network).Begin(Shape.FullArchitecture, 1, 10);
        begun.Advance([1], default);
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => begun.Advance([1], default));
        Assert.Throws<ObjectDisposedException>(() => Decoding(network).Begin(Shape.FullArchitecture, 1, 10));
    }

    [ContractFact]
    public void Dispose_WhileOthersAdvance_LetsThemFinishOrFailCleanly()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 11);
        var tokens = Sequences(Shape, new Random(11), 2, 60);
        for (var round = 0; round < 10; round++)
        {
            var network = Load(checkpoint);
            var expected = Array.ConvertAll(tokens, s => ((INextTokenLogits)network).NextTokenLogits(Shape.FullArchitecture, s));
            var begun = Decoding(network).Begin(Shape.FullArchitecture, 2, 60);
            using var started = new Barrier(2);
            var read = new List<float[]>();
            Exception? failure = null;
            var thread = new Thread(() =>
            {
                started.SignalAndWait();
                try
                {
                    for (var t = 0; t < 60; t++)
                    {
                        read.Add(begun.Advance(Step(tokens, t, 1), default));
                    }
                }
                catch (ObjectDisposedException exception)
                {
                    failure = exception;
                }
            });
            thread.Start();
            started.SignalAndWait();
            (round % 2 == 0 ? network : (IDisposable)begun).Dispose();
            thread.Join();
            begun.Dispose();
            network.Dispose();
            Assert.True(failure is not null || read.Count == 60);
            for (var t = 0; t < read.Count; t++)
            {
                AssertRows(expected, t, read[t]);
            }
        }
    }

    private void AssertSteps(ISuperNetwork network, Architecture architecture, int[][] sequences, float[][] expected, int[] steps, int capacity)
    {
        using var begun = Decoding(network).Begin(architecture, sequences.Length, capacity);
        var read = 0;
        foreach (var step in steps)
        {
            var logits = begun.Advance(Step(sequences, read, step), default);
            read += step;
            Assert.Equal(read, begun.Length);
            AssertRows(expected, read - 1, logits);
        }
    }

    // Logits [sequences][vocabulary] against row number row of each sequence's own.
    private void AssertRows(float[][] expected, int row, float[] actual)
    {
        var vocabulary = actual.Length / expected.Length;
        AssertEqual([.. expected.SelectMany(e => e.AsSpan(row * vocabulary, vocabulary).ToArray())], actual);
    }

    private void AssertEqual(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var isEqual = Tolerance > 0
                ? Math.Abs((double)expected[i] - actual[i]) <= Tolerance
                : BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]);
            Assert.True(isEqual, $"Logit {i}: {expected[i]:R} and {actual[i]:R}.");
        }
    }

    private static IDecoding Decoding(ISuperNetwork network) => Assert.IsAssignableFrom<IDecoding>(network);

    private static int[] Step(int[][] sequences, int first, int count) => [.. sequences.SelectMany(s => s[first..(first + count)])];

    private static int[][] Sequences(LlamaConfiguration configuration, Random random, int count, int length) =>
        [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, length).Select(_ => random.Next(configuration.VocabularySize)).ToArray())];

    private static int[] Uneven(int length, Random random)
    {
        var steps = new List<int>();
        while (length > 0)
        {
            steps.Add(random.Next(1, Math.Min(length, 40) + 1));
            length -= steps[^1];
        }

        return [.. steps];
    }
}
