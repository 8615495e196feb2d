using NasCluster.Llama.Checkpoints;

namespace NasCluster.Local.Commands;

/// <summary>Number formats by the names that options give them.</summary>
internal static class WeightTypes
{
    public static WeightType Parse(string name) => name switch
    {
        "float16" => WeightType.Float16,
        "bfloat16" => WeightType.BFloat16,
        _ => WeightType.Float32,
    };
}
