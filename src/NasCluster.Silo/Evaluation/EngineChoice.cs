using NasCluster.Core;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Engines;
using NasCluster.Silo.Configuration;
using NasCluster.Torch;

namespace NasCluster.Silo.Evaluation;

/// <summary>The engines that a silo's settings name, one for each of its devices.</summary>
internal static partial class EngineChoice
{
    /// <summary>How many devices there are.</summary>
    public static int CountOf(EvaluatorSettings settings) => Math.Max(1, settings.Devices.Count);

    /// <summary>Opens the engine of a device.</summary>
    /// <param name="settings">The silo's.</param>
    /// <param name="index">Which device, from 0.</param>
    /// <param name="logger">Told when a batch did not fit the device.</param>
    /// <exception cref="NasClusterException">Torch's library cannot be loaded, or there is no such device.</exception>
    public static ILlamaEngine Open(EvaluatorSettings settings, int index, ILogger logger)
    {
        var devices = CountOf(settings);
        var cpu = new CpuEngineOptions { Threads = settings.Threads > 0 ? settings.Threads : Math.Max(1, Environment.ProcessorCount / devices) };
        if (settings.Engine == EvaluatorEngine.Cpu)
        {
            return settings.Devices.Count == 0 ? new CpuEngine(cpu) : new CpuEngine(cpu, settings.Devices[index]);
        }

        var device = settings.Devices.Count == 0 ? TorchLibrary.CudaDevices > 0 ? "cuda:0" : "cpu" : settings.Devices[index];
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
