using NasCluster.Torch.Cuda;

namespace NasCluster.Torch.Tests.Cuda;

public sealed class CudaProblemTests
{
    [Theory]
    [InlineData(null, true, 0, 12040, 1, "for processors only", "-p:Torch=cuda")]
    [InlineData(12, false, 0, 0, 0, "no driver", "container toolkit")]
    [InlineData(12, true, 803, 12040, 0, "different versions", "Restart")]
    [InlineData(12, true, 0, 11040, 1, "serves CUDA 11.4 and libtorch needs 12", "newer driver")]
    [InlineData(12, true, 100, 12040, 0, "finds no card", "CUDA_VISIBLE_DEVICES")]
    [InlineData(12, true, 0, 12040, 0, "finds no card", "CUDA_VISIBLE_DEVICES")]
    [InlineData(12, true, 999, 12040, 0, "cuInit gives 999", "nvidia-smi")]
    [InlineData(12, true, 0, 13000, 2, "has 2 and serves CUDA 13.0", "Install it again")]
    public void Of_WhatIsFound_NamesReasonAndRemedy(int? library, bool hasDriver, int error, int version, int devices, string reason, string remedy)
    {
        var text = CudaProblem.Of(library, hasDriver ? new CudaDriver(error, version, devices) : null);
        Assert.Contains(reason, text, StringComparison.Ordinal);
        Assert.Contains(remedy, text, StringComparison.Ordinal);
    }
}
