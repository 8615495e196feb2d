using NasCluster.Core;
using NasCluster.Testing;
using static TorchSharp.torch;

namespace NasCluster.Torch.Tests;

[NeedsTorch]
public sealed class TorchLibraryTests
{
    [ContractFact]
    public void Open_NamesThatAreNone_SaysWhatMayStand()
    {
        foreach (var name in new[] { "", "gpu", "cuda:", "cuda:-1", "cuda:x", "CPU" })
        {
            Assert.Contains("cpu, cuda or cuda:N", Assert.Throws<NasClusterException>(() => TorchLibrary.Open(name)).Message, StringComparison.Ordinal);
        }
    }

    [ContractFact]
    public void Open_DeviceThatIsNotThere_SaysWhatIs()
    {
        var name = $"cuda:{TorchLibrary.CudaDevices}";
        Assert.Contains($"There is no device {name}", Assert.Throws<NasClusterException>(() => TorchLibrary.Open(name)).Message, StringComparison.Ordinal);
    }

    /// <summary>What a call and a network allocate they free: tensors live outside the garbage collector's sight.</summary>
    [ContractFact]
    public void Score_AndDispose_LeaveNoTensor()
    {
        var configuration = RandomCheckpoint.Configuration(3, 24, 4, 3, 2, 43, 61) with { HasOutputBiases = true };
        using var checkpoint = RandomCheckpoint.Make(configuration, 1);
        var before = Tensor.TotalCount;
        using (var network = new TorchSuperNetwork(checkpoint))
        {
            var loaded = Tensor.TotalCount;
            Assert.True(loaded > before);
            var random = new Random(1);
            for (var i = 0; i < 3; i++)
            {
                network.Score(
                    [configuration.FullArchitecture, RandomCheckpoint.Architecture(configuration, random)], [new([1, 2, 3, 4], 1), new([5, 6], 1)], default);
                network.NextTokenLogits(configuration.FullArchitecture, [1, 2]);
                using (var begun = network.Begin(RandomCheckpoint.Architecture(configuration, random), 2, 9))
                {
                    begun.Advance([1, 2, 3, 4], default);
                    var kept = Tensor.TotalCount;
                    begun.Advance([5, 6], default);
                    Assert.Equal(kept, Tensor.TotalCount);
                }

                network.Extract(RandomCheckpoint.Architecture(configuration, random)).Dispose();
                Assert.Equal(loaded, Tensor.TotalCount);
            }
        }

        Assert.Equal(before, Tensor.TotalCount);
    }
}
