using System.CommandLine;
using NasCluster.Llama.Cpu;

namespace NasCluster.Local.Commands;

/// <summary>The option that forces a vector width on the CPU engine; there to show that none changes a result.</summary>
internal static class VectorOption
{
    /// <summary>The option.</summary>
    public static Option<string> Create() => OptionKinds.Word(
        "--vectors", "Vector width of the CPU engine in bits. No width changes a result, only the speed.", "auto", "512", "256", "128", "scalar");

    /// <summary>What it says.</summary>
    public static VectorPath Path(string vectors) => vectors switch
    {
        "512" => VectorPath.Vector512,
        "256" => VectorPath.Vector256,
        "128" => VectorPath.Vector128,
        "scalar" => VectorPath.Scalar,
        _ => VectorPath.Auto,
    };
}
