using NasCluster.Torch.Training;
using static TorchSharp.torch;

namespace NasCluster.Torch.Tests.Training;

/// <summary>The Torch engine for networks so small that threads would only wait for each other.</summary>
internal static class TorchTraining
{
    public static TorchTrainingEngineFactory Engines(TorchTrainingOptions options)
    {
        set_num_threads(1);
        return new TorchTrainingEngineFactory(options);
    }
}
