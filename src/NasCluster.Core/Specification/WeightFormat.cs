namespace NasCluster.Core.Specification;

/// <summary>How weights are stored.</summary>
public enum WeightFormat
{
    /// <summary>4 bytes a weight.</summary>
    Float32,

    /// <summary>2 bytes a weight, IEEE half precision.</summary>
    Float16,

    /// <summary>2 bytes a weight, the upper half of a float32.</summary>
    Bfloat16,

    /// <summary>The layers' matrices in 1 byte a weight with a 2-byte scale per output channel; embedding, norms and head in 2 bytes.</summary>
    Int8,
}
