using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Local.Doctor;

/// <summary>What every engine stands on, and the engine that is always there.</summary>
internal static class MachineFindings
{
    /// <summary>Looks.</summary>
    public static IEnumerable<Finding> Of()
    {
        var memory = GC.GetGCMemoryInfo();
        yield return new("program", FindingState.Ready, $"nas {ProgramVersion.Text}, {RuntimeInformation.FrameworkDescription}");
        yield return new(
            "machine",
            FindingState.Ready,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors, {memory.TotalAvailableMemoryBytes / Gibibyte:F1} GiB of memory"));
        var width = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
        yield return width >= 256
            ? new("engine cpu", FindingState.Ready, $"vectors of {width} bits")
            : new("engine cpu", FindingState.Ready, $"vectors of {width} bits: slow", "A processor with 256-bit vectors (AVX2) is faster.");
        yield return Model();
    }

    private const double Gibibyte = 1L << 30;

    private static Finding Model()
    {
        try
        {
            using var checkpoint = LlamaCheckpoints.Open(ShippedSuperNetwork.Directory);
            return new("super-network", FindingState.Ready, $"the small one that comes along, {checkpoint.Configuration.Layers.Length} layers");
        }
        catch (Core.NasClusterException exception)
        {
            return new("super-network", FindingState.Broken, exception.Message, "Its files lie in Models beside the program; build or install it again.");
        }
    }
}
