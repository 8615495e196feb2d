namespace NasCluster.Llama.Cpu;

/// <summary>Which instructions the engine computes with. Results have the same bits on every path.</summary>
public enum VectorPath
{
    /// <summary>The widest vectors this machine runs in hardware.</summary>
    Auto,

    /// <summary>Vectors of 16 floats.</summary>
    Vector512,

    /// <summary>Vectors of 8 floats.</summary>
    Vector256,

    /// <summary>Vectors of 4 floats.</summary>
    Vector128,

    /// <summary>One float at a time: slow, for checking the others.</summary>
    Scalar,
}
