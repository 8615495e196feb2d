using System.CommandLine;
using NasCluster.Llama.Cpu;

namespace NasCluster.Local.Commands;

/// <summary>How the CPU engine computes.</summary>
internal static class EngineOptions
{
    /// <summary>The option that forces a vector width; there to show that none changes a result.</summary>
    public static Option<string> Vectors() => OptionKinds.Word(
        "--vectors", "Vector width in bits. No width changes a result, only the speed.", "auto", "512", "256", "128", "scalar");

    /// <summary>What the option says.</summary>
    public static VectorPath Path(string vectors) => vectors switch
    {
        "512" => VectorPath.Vector512,
        "256" => VectorPath.Vector256,
        "128" => VectorPath.Vector128,
        "scalar" => VectorPath.Scalar,
        _ => VectorPath.Auto,
    };
}
