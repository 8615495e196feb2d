using NasCluster.Core;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Engines;
using NasCluster.Silo.Configuration;
using NasCluster.Torch;

namespace NasCluster.Silo.Evaluation;

/// <summary>The engine that a silo's settings name.</summary>
internal static partial class EngineChoice
{
    /// <summary>Opens it.</summary>
    /// <exception cref="NasClusterException">Torch's library cannot be loaded, or there is no such device.</exception>
    public static ILlamaEngine Open(EvaluatorSettings settings, ILogger logger)
    {
        var cpu = settings.Threads > 0 ? new CpuEngineOptions { Threads = settings.Threads } : new CpuEngineOptions();
        if (settings.Engine == EvaluatorEngine.Cpu)
        {
            return new CpuEngine(cpu);
        }

        var device = settings.Device ?? (TorchLibrary.CudaDevices > 0 ? "cuda:0" : "cpu");
        return new TorchEngine(
            new TorchEngineOptions
            {
                Device = device,
                Precision = settings.Precision ?? (device == "cpu" ? TorchPrecision.Float32 : TorchPrecision.Bfloat16),
                BatchHalved = (sequences, rows) => LogBatchHalved(logger, device, sequences, rows / sequences),
            },
            cpu);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Device} has no memory for {Sequences} sequences of {Tokens} tokens at once; they are halved.")]
    private static partial void LogBatchHalved(ILogger logger, string device, int sequences, long tokens);
}
