using System.Collections.Immutable;
using FsCheck.Fluent;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Cpu;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Cpu;

/// <summary>Nothing about how the machine is used may change a bit.</summary>
public sealed class CpuDeterminismTests
{
    private static readonly CpuEngineOptions[] Ways =
    [
        new() { Threads = 1, VectorPath = VectorPath.Vector512 },
        new() { Threads = 1, VectorPath = VectorPath.Vector256 },
        new() { Threads = 1, VectorPath = VectorPath.Vector128 },
        new() { Threads = 1, VectorPath = VectorPath.Scalar },
        new() { Threads = 2 },
        new() { Threads = 5, VectorPath = VectorPath.Vector256 },
        new() { Threads = 4, BatchTokens = 1 },
        new() { Threads = 2, BatchTokens = 100 },
    ];

    [Fact]
    public void Score_AnyShapeThreadsWidthAndBatch_HasTheSameBits() =>
        Check(Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed => SameBits(seed)));

    [Fact]
    public void Score_FewRowsOfManyAsked_HasTheBitsOfAllRowsAsked() =>
        Check(Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed => SameBitsOfFewRows(seed)));

    [Fact]
    public void NextTokenLogits_AnyWay_HasTheSameBits()
    {
        var configuration = RandomCheckpoint.Configuration(2, 20, 6, 2, 2, 30, 400);
        using var checkpoint = RandomCheckpoint.Make(configuration, 1);
        int[] tokens = [.. Enumerable.Range(0, 75).Select(i => i * 5)];
        float[]? expected = null;
        foreach (var way in Ways)
        {
            using var network = new CpuSuperNetwork(checkpoint, way);
            var logits = network.NextTokenLogits(configuration.FullArchitecture, tokens);
            Assert.Equal(expected ??= logits, logits);
        }
    }

    [Fact]
    public void Score_SharedBeginnings_HaveTheBitsOfEachAlone() =>
        Check(Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed => SameBitsOfSharedBeginnings(seed)));

    private static void Check(FsCheck.Property property) => FsCheck.Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(12), property);

    private static LlamaConfiguration AnyConfiguration(Random random) => RandomCheckpoint.Configuration(
        layers: random.Next(1, 4),
        hidden: random.Next(1, 70),
        headSize: 2 * random.Next(1, 20),
        kvHeads: random.Next(1, 5),
        queryHeadsPerKvHead: random.Next(1, 4),
        intermediate: random.Next(1, 100),
        vocabulary: random.Next(2, 500),
        tied: random.Next(2) == 0) with
    {
        HasOutputBiases = random.Next(2) == 0,
    };

    // The last layer leaves out rows that nobody asks for; asking for all of them leaves none out.
    private static bool SameBitsOfFewRows(int seed)
    {
        var random = new Random(seed);
        var configuration = AnyConfiguration(random);
        using var checkpoint = RandomCheckpoint.Make(configuration, seed);
        Architecture[] architectures = [configuration.FullArchitecture, .. Enumerable.Range(0, 3).Select(_ => RandomCheckpoint.Architecture(configuration, random))];
        ImmutableArray<int>[] texts = [.. Enumerable.Range(0, random.Next(1, 70)).Select(_ =>
            Enumerable.Range(0, random.Next(2, 60)).Select(_ => random.Next(configuration.VocabularySize)).ToImmutableArray())];
        ScoringRequest[] all = [.. texts.Select(t => new ScoringRequest(t, 1, perToken: true))];
        ScoringRequest[] few = [.. texts.Select(t => new ScoringRequest(t, random.Next(3) == 0 ? random.Next(1, t.Length) : t.Length - 1, perToken: true))];
        using var network = new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = 2, BatchTokens = random.Next(1, 2000) });
        var expected = network.Score(architectures, all, default);
        var actual = network.Score(architectures, few, default);
        return expected.Zip(actual).All(rows => rows.First.Zip(rows.Second).All(r =>
            r.First.PerToken.AsSpan()[^r.Second.PerToken.Length..].SequenceEqual(r.Second.PerToken.AsSpan())));
    }

    // Texts that part from earlier ones at any token: shared ranges of keys begin and end anywhere in panels and tiles, and follow each other.
    private static bool SameBitsOfSharedBeginnings(int seed)
    {
        var random = new Random(seed);
        var configuration = AnyConfiguration(random);
        using var checkpoint = RandomCheckpoint.Make(configuration, seed);
        Architecture[] architectures = [configuration.FullArchitecture, RandomCheckpoint.Architecture(configuration, random)];
        List<ImmutableArray<int>> texts = [];
        for (var i = random.Next(2, 40); i > 0; i--)
        {
            var old = texts.Count > 0 ? texts[random.Next(texts.Count)] : [];
            texts.Add([.. old.Take(Math.Min(68, random.Next(old.Length + 1))), .. Enumerable.Range(0, random.Next(2, 60)).Select(_ => random.Next(configuration.VocabularySize))]);
        }

        ScoringRequest[] requests = [.. texts.Select(t => new ScoringRequest(t, random.Next(2) == 0 ? 1 : random.Next(1, t.Length), perToken: true))];
        return Ways.All(way =>
        {
            using var network = new CpuSuperNetwork(checkpoint, way);
            var alone = requests.Select(r => network.Score(architectures, [r], default)).ToArray();
            var together = network.Score(architectures, requests, default);
            return requests.Select((_, i) => architectures.Select((_, a) => (One: alone[i][a][0], Other: together[a][i])))
                .SelectMany(pairs => pairs).All(p => p.One.Sum.Equals(p.Other.Sum) && p.One.PerToken.SequenceEqual(p.Other.PerToken));
        });
    }

    private static bool SameBits(int seed)
    {
        var random = new Random(seed);
        var configuration = AnyConfiguration(random);
        using var checkpoint = RandomCheckpoint.Make(configuration, seed);
        var architectures = Enumerable.Range(0, 3).Select(_ => RandomCheckpoint.Architecture(configuration, random)).ToArray();
        var requests = Enumerable.Range(0, 5).Select(_ =>
        {
            ImmutableArray<int> tokens = [.. Enumerable.Range(0, random.Next(2, 90)).Select(_ => random.Next(configuration.VocabularySize))];
            return new ScoringRequest(tokens, random.Next(1, tokens.Length), perToken: true);
        }).ToArray();
        LogLikelihood[][]? expected = null;
        return Ways.All(way =>
        {
            using var network = new CpuSuperNetwork(checkpoint, way);
            var results = network.Score(architectures, requests, default);
            expected ??= results;
            return results.Zip(expected).All(rows => rows.First.Zip(rows.Second).All(r =>
                r.First.Sum.Equals(r.Second.Sum) && r.First.IsGreedy == r.Second.IsGreedy && r.First.PerToken.SequenceEqual(r.Second.PerToken)));
        });
    }
}
