using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Testing;

namespace NasCluster.Torch.Tests;

/// <summary>The Torch engine beside the CPU engine on trained networks.</summary>
[NeedsTorch]
public sealed class EngineAgreementTests
{
    /// <summary>Nats a token, of float32: both sum the same products in other orders.</summary>
    private const double Single = 1e-4;

    /// <summary>Nats a token, of bfloat16: weights and activations have 8 bits, and the mean over tokens levels what they lose.</summary>
    private const double Brain = 2e-2;

    /// <summary>Nats a token, of float16: as bfloat16, with 11 bits.</summary>
    private const double Half = 2.5e-3;

    private const string SmallWorld = "small-world";
    private const string Stories = "stories260K";

    [ContractFact]
    public void Score_SmallWorldInSingle_AgreesTokenByToken() => AgreesTokenByToken(SmallWorld);

    [ContractFact]
    public void Score_SmallWorldInBrainFloat_AgreesAMeanToken() => AgreesAMeanToken(SmallWorld, TorchPrecision.Bfloat16, Brain);

    [ContractFact]
    public void Score_SmallWorldInHalf_AgreesAMeanToken() => AgreesAMeanToken(SmallWorld, TorchPrecision.Float16, Half);

    [ContractFact]
    public void Score_RandomArchitectures_AreRankedAlike() => AreRankedAlike(SmallWorld);

    [NeedsTorchFact($"models/{Stories}/{Stories}.bin")]
    public void Score_StoriesInSingle_AgreesTokenByToken() => AgreesTokenByToken(Stories);

    [NeedsTorchFact($"models/{Stories}/{Stories}.bin")]
    public void Score_StoriesInBrainFloat_AgreesAMeanToken() => AgreesAMeanToken(Stories, TorchPrecision.Bfloat16, Brain);

    [NeedsTorchFact($"models/{Stories}/{Stories}.bin")]
    public void Score_StoriesInHalf_AgreesAMeanToken() => AgreesAMeanToken(Stories, TorchPrecision.Float16, Half);

    [NeedsTorchFact($"models/{Stories}/{Stories}.bin")]
    public void Score_RandomArchitecturesOfStories_AreRankedAlike() => AreRankedAlike(Stories);

    private static void AgreesTokenByToken(string name)
    {
        using var checkpoint = Open(name);
        var random = new Random(1);
        var requests = Requests(checkpoint.Configuration, random, 24);
        Architecture[] architectures = [checkpoint.Configuration.FullArchitecture, .. Enumerable.Range(0, 5).Select(_ => RandomCheckpoint.Architecture(checkpoint.Configuration, random))];
        using var cpu = new CpuSuperNetwork(checkpoint);
        using var torch = new TorchSuperNetwork(checkpoint);
        foreach (var (expected, actual) in cpu.Score(architectures, requests, default).Zip(torch.Score(architectures, requests, default)))
        {
            foreach (var (one, other) in expected.Zip(actual))
            {
                Assert.All(one.PerToken.Zip(other.PerToken), pair => Assert.Equal(pair.First, pair.Second, Single));
            }
        }
    }

    private static void AgreesAMeanToken(string name, TorchPrecision precision, double tolerance)
    {
        using var checkpoint = Open(name);
        var requests = Requests(checkpoint.Configuration, new Random(2), 24);
        var full = checkpoint.Configuration.FullArchitecture;
        using var cpu = new CpuSuperNetwork(checkpoint);
        using var torch = new TorchSuperNetwork(checkpoint, new TorchEngineOptions { Precision = precision });
        var (exact, rounded) = (cpu.Score([full], requests, default)[0], torch.Score([full], requests, default)[0]);
        Assert.Equal(Mean(exact, requests), Mean(rounded, requests), tolerance);
        Assert.NotEqual(Mean(exact, requests), Mean(rounded, requests));
        Assert.Equal(precision.ToString().ToLowerInvariant(), torch.Info.Precision);
    }

    /// <summary>Two architectures may change places only where they are as good within the tolerance.</summary>
    private static void AreRankedAlike(string name)
    {
        using var checkpoint = Open(name);
        var random = new Random(3);
        var requests = Requests(checkpoint.Configuration, random, 6);
        var architectures = Enumerable.Range(0, 200).Select(_ => RandomCheckpoint.Architecture(checkpoint.Configuration, random)).ToArray();
        using var cpu = new CpuSuperNetwork(checkpoint);
        using var torch = new TorchSuperNetwork(checkpoint);
        var expected = cpu.Score(architectures, requests, default).Select(r => Mean(r, requests)).ToArray();
        var actual = torch.Score(architectures, requests, default).Select(r => Mean(r, requests)).ToArray();
        for (var i = 0; i < architectures.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], Single);
            for (var j = 0; j < i; j++)
            {
                Assert.True(Math.Sign(expected[i] - expected[j]) == Math.Sign(actual[i] - actual[j]) || Math.Abs(expected[i] - expected[j]) < 2 * Single);
            }
        }
    }

    private static double Mean(LogLikelihood[] results, ScoringRequest[] requests) => results.Sum(r => r.Sum) / requests.Sum(r => r.ScoredCount);

    private static ScoringRequest[] Requests(LlamaConfiguration configuration, Random random, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => new ScoringRequest(
            [.. Enumerable.Range(0, random.Next(2, Math.Min(configuration.MaximumPositions, 128))).Select(_ => random.Next(configuration.VocabularySize))], 1, perToken: true)),
    ];

    private static LlamaCheckpoint Open(string name) => LlamaCheckpoints.Open(name == Stories
        ? SharedData.PathOf($"models/{Stories}/{Stories}.bin")
        : Path.Combine(SharedData.RepositoryRoot, "src", "NasCluster.Local", "Models", SmallWorld));
}
