using NasCluster.Core;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Engines;
using NasCluster.Torch;

namespace NasCluster.Local.Engines;

/// <summary>The Torch engine, in programs built with it.</summary>
internal static class TorchChoice
{
    /// <summary>Opens the engine.</summary>
    /// <param name="device">The device; null for the first graphics card, or the processors where there is none.</param>
    /// <param name="precision">The number format; null for the one that suits the device.</param>
    /// <param name="cpu">How the processors are used.</param>
    /// <exception cref="NasClusterException">The library cannot be loaded, there is no such device, or no such format.</exception>
    public static ILlamaEngine Open(string? device, string? precision, CpuEngineOptions cpu)
    {
        device ??= TorchLibrary.CudaDevices > 0 ? "cuda" : "cpu";
        return new TorchEngine(
            new TorchEngineOptions
            {
                Device = device,
                Precision = precision is null ? Usual(device) : Named(precision),
                BatchHalved = (sequences, rows) => Console.Error.WriteLine(
                    $"nas: {device} has no memory for {sequences} sequences of {rows / sequences} tokens at once; they are halved."),
            },
            cpu);
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
