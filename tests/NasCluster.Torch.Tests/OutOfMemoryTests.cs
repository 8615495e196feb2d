using System.Runtime.InteropServices;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.SuperNetworks;
using NasCluster.Testing;
using static TorchSharp.torch;

namespace NasCluster.Torch.Tests;

[NeedsTorch]
public sealed class OutOfMemoryTests
{
    [ContractFact]
    public void Score_BatchTooLarge_IsHalvedUntilItFitsAndSaysSo()
    {
        var configuration = RandomCheckpoint.Configuration(2, 24, 4, 3, 2, 43, 61);
        using var checkpoint = RandomCheckpoint.Make(configuration, 1);
        var random = new Random(1);
        ScoringRequest[] requests =
            [.. Enumerable.Range(0, 11).Select(_ => new ScoringRequest([.. Enumerable.Range(0, random.Next(2, 20)).Select(_ => random.Next(61))], 1, perToken: true))];
        var halved = new List<(int, long)>();
        var computed = 0;
        using var plenty = new TorchSuperNetwork(checkpoint);
        using var scarce = new TorchSuperNetwork(checkpoint, new TorchEngineOptions
        {
            BatchHalved = (sequences, rows) => halved.Add((sequences, rows)),
            BatchBegins = (sequences, _) => computed += sequences > 3 ? RunOutOfMemory() : sequences,
        });
        var before = Tensor.TotalCount;

        var expected = plenty.Score([configuration.FullArchitecture], requests, default)[0];
        var actual = scarce.Score([configuration.FullArchitecture], requests, default)[0];

        // 11 go as 5 and 6, those as 2 and 3, and 3 and 3; each sequence is computed once.
        Assert.Equal([11, 5, 6], halved.Select(h => h.Item1));
        Assert.Equal(11, computed);
        Assert.Equal(before, Tensor.TotalCount);
        foreach (var (one, other) in expected.Zip(actual))
        {
            // Float32 in an order that goes by the shape of a batch, as in the contract.
            Assert.All(one.PerToken.Zip(other.PerToken), pair => Assert.Equal(pair.First, pair.Second, 5e-5));
        }
    }

    [ContractFact]
    public void Score_OneSequenceTooLarge_SaysWhatWouldHelp()
    {
        var configuration = RandomCheckpoint.Configuration(1, 8, 4, 1, 1, 8, 16);
        using var checkpoint = RandomCheckpoint.Make(configuration, 1);
        using var network = new TorchSuperNetwork(checkpoint, new TorchEngineOptions { BatchBegins = (_, _) => RunOutOfMemory() });

        var failure = Assert.Throws<NasClusterException>(() => network.Score([configuration.FullArchitecture], [new([1, 2, 3], 1), new([4, 5], 1)], default));

        Assert.StartsWith("cpu has no memory for one sequence of 2 tokens: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [ContractFact]
    public void Score_OtherFailureOfTheLibrary_IsNotTakenForIt()
    {
        var configuration = RandomCheckpoint.Configuration(1, 8, 4, 1, 1, 8, 16);
        using var checkpoint = RandomCheckpoint.Make(configuration, 1);
        using var network = new TorchSuperNetwork(checkpoint, new TorchEngineOptions { BatchBegins = (_, _) => ones(2, 3).mm(ones(2, 3)).Dispose() });

        Assert.Throws<ExternalException>(() => network.Score([configuration.FullArchitecture], [new([1, 2, 3], 1)], default));
    }

    /// <summary>In the words that CUDA has for it; no card is needed to be told so.</summary>
    [ContractFact]
    public void Score_DeviceLost_IsNoFailureOfWhatWasScored()
    {
        var configuration = RandomCheckpoint.Configuration(1, 8, 4, 1, 1, 8, 16);
        using var checkpoint = RandomCheckpoint.Make(configuration, 1);
        using var network = new TorchSuperNetwork(
            checkpoint, new TorchEngineOptions { BatchBegins = (_, _) => throw new ExternalException("CUDA error: unspecified launch failure\nCUDA kernel errors might be") });

        var lost = Assert.Throws<DeviceLostException>(() => network.Score([configuration.FullArchitecture], [new([1, 2, 3], 1)], default));

        Assert.Equal("cpu is lost: CUDA error: unspecified launch failure", lost.Message);
    }

    /// <summary>The library's own failure: more bytes than any machine has.</summary>
    private static int RunOutOfMemory()
    {
        empty(1L << 48, uint8).Dispose();
        return 0;
    }
}
