using NasCluster.Core;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Engines;
using NasCluster.Llama.Training;
using NasCluster.Local.Doctor;
using NasCluster.Torch;
using NasCluster.Torch.Training;

namespace NasCluster.Local.Engines;

/// <summary>The Torch engine, in programs built with it.</summary>
internal static class TorchChoice
{
    /// <summary>What the doctor says of it.</summary>
    public static IEnumerable<Finding> Diagnose()
    {
        if (TorchLibrary.Problem is { } problem)
        {
            yield return new("engine torch", FindingState.Broken, problem, problem.Contains("GLIBC", StringComparison.Ordinal)
                ? "The library needs a system with the C and C++ libraries of GCC 13 or newer, such as Debian 13 or Ubuntu 24.04."
                : "Build it again where it shall run; what lies under runtimes beside the program belongs to it.");
            yield break;
        }

        var cards = TorchLibrary.CudaDevices;
        yield return new("engine torch", FindingState.Ready, $"libtorch {TorchLibrary.Version}, {(TorchLibrary.IsForCuda ? "for CUDA" : "for processors only")}");
        yield return cards > 0
            ? new("  its devices", FindingState.Ready, $"cpu, {string.Join(", ", Enumerable.Range(0, cards).Select(i => $"cuda:{i}"))}")
            : new("  its devices", FindingState.Ready, "cpu", $"For graphics cards: {TorchLibrary.NoCudaDevice}");
    }

    /// <summary>Opens the engine.</summary>
    /// <param name="device">The device; null for the first graphics card, or the processors where there is none.</param>
    /// <param name="precision">The number format; null for the one that suits the device.</param>
    /// <param name="cpu">How the processors are used.</param>
    /// <exception cref="NasClusterException">The library cannot be loaded, there is no such device, or no such format.</exception>
    public static ILlamaEngine Open(string? device, string? precision, CpuEngineOptions cpu) => new TorchEngine(OptionsOf(device, precision), cpu);

    /// <summary>Opens the engine to train with.</summary>
    /// <param name="device">As in <see cref="Open"/>.</param>
    /// <param name="precision">As in <see cref="Open"/>.</param>
    /// <param name="optimiser">How weights are changed.</param>
    /// <param name="recompute">Whether to keep less and compute it again.</param>
    /// <exception cref="NasClusterException">As in <see cref="Open"/>.</exception>
    public static ITrainingEngineFactory OpenTraining(string? device, string? precision, TrainingOptimiser optimiser, bool recompute)
    {
        var options = OptionsOf(device, precision);
        _ = TorchLibrary.Open(options.Device);
        return new TorchTrainingEngineFactory(new TorchTrainingOptions { Engine = options, Optimiser = optimiser, Recompute = recompute });
    }

    private static TorchEngineOptions OptionsOf(string? device, string? precision)
    {
        device ??= TorchLibrary.CudaDevices > 0 ? "cuda" : "cpu";
        return new TorchEngineOptions
        {
            Device = device,
            Precision = precision is null ? Usual(device) : Named(precision),
            BatchHalved = (sequences, rows) => Console.Error.WriteLine(
                $"nas: {device} has no memory for {sequences} sequences of {rows / sequences} tokens at once; they are halved."),
        };
    }

    private static TorchPrecision Usual(string device) => device == "cpu" ? TorchPrecision.Float32 : TorchPrecision.Bfloat16;

    private static TorchPrecision Named(string precision) => precision switch
    {
        "float32" => TorchPrecision.Float32,
        "bfloat16" => TorchPrecision.Bfloat16,
        "float16" => TorchPrecision.Float16,
        _ => throw new NasClusterException($"--precision is '{precision}'; it must be float32, bfloat16 or float16."),
    };
}
