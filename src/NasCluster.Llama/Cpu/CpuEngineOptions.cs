namespace NasCluster.Llama.Cpu;

/// <summary>How the engine uses the machine. Nothing in here changes a bit of any result.</summary>
public sealed record CpuEngineOptions
{
    private readonly int _threads = Environment.ProcessorCount;
    private readonly int _batchTokens;

    /// <summary>Threads that one call may keep busy, the caller's own included; by default one per processor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int Threads
    {
        get => _threads;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _threads = value;
        }
    }

    /// <summary>Which instructions to compute with.</summary>
    public VectorPath VectorPath { get; init; } = VectorPath.Auto;

    /// <summary>
    /// Tokens computed side by side, which bounds the working memory: each takes about 4 x (2 to 4) x hidden size bytes, and as much as one
    /// hidden size again for every layer at which architectures part. One longer sequence still goes through whole.
    /// 0: 1,024 for each thread, within 2,048 and 8,192.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int BatchTokens
    {
        get => _batchTokens;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _batchTokens = value;
        }
    }

    /// <summary>Beginnings that sequences have in common are computed once from so many tokens on; the highest number for never, to compare with.</summary>
    internal int LeastShared { get; init; } = BranchPlan.LeastShared;
}
