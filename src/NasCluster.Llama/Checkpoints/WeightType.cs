namespace NasCluster.Llama.Checkpoints;

/// <summary>How a stored weight is encoded.</summary>
public enum WeightType
{
    /// <summary>IEEE binary32, 4 bytes.</summary>
    Float32,

    /// <summary>IEEE binary16, 2 bytes.</summary>
    Float16,

    /// <summary>The upper half of a binary32, 2 bytes.</summary>
    BFloat16,
}
