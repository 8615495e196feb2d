using System.Diagnostics.CodeAnalysis;
using NasCluster.Core;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Engines;
using NasCluster.Llama.Training;
using NasCluster.Local.Doctor;

namespace NasCluster.Local.Engines;

/// <summary>The Torch engine, in programs built without it.</summary>
internal static class TorchChoice
{
    private const string Advice = "build it with -c Cluster (and -p:Torch=cuda for graphics cards).";

    /// <summary>What the doctor says of it.</summary>
    public static IEnumerable<Finding> Diagnose() => [new("engine torch", FindingState.Absent, "this nas was built without it", $"To have it, {Advice}")];

    /// <summary>Says what to do about it.</summary>
    /// <exception cref="NasClusterException">Always.</exception>
    [DoesNotReturn]
    [SuppressMessage("Style", "IDE0060", Justification = "Called as where the engine is there.")]
    public static ILlamaEngine Open(string? device, string? precision, CpuEngineOptions cpu) => throw Missing;

    /// <inheritdoc cref="Open"/>
    [DoesNotReturn]
    [SuppressMessage("Style", "IDE0060", Justification = "Called as where the engine is there.")]
    public static ITrainingEngineFactory OpenTraining(string? device, string? precision, TrainingOptimiser optimiser, bool recompute) => throw Missing;

    private static NasClusterException Missing => new($"This nas was built without the engine torch; {Advice}");
}
