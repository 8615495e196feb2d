namespace NasCluster.Cluster.Benchmarks.Throughput;

/// <summary>What is measured.</summary>
internal sealed record ThroughputOptions
{
    /// <summary>Evaluations of one search.</summary>
    public int Evaluations { get; init; } = 30_000;

    /// <summary>Population, and children of a generation.</summary>
    public int Population { get; init; } = 1_000;

    /// <summary>Evaluators.</summary>
    public int Evaluators { get; init; } = 8;

    /// <summary>Trials that an evaluator takes at once.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Only this many searches at once; 0 for one, then eight.</summary>
    public int Searches { get; init; }

    /// <summary><c>memory</c>, <c>azurite</c> or <c>both</c>.</summary>
    public string Storage { get; init; } = "both";

    public static ThroughputOptions Read(Arguments arguments)
    {
        var otherwise = new ThroughputOptions();
        var options = new ThroughputOptions
        {
            Evaluations = arguments.Get("evaluations", otherwise.Evaluations),
            Population = arguments.Get("population", otherwise.Population),
            Evaluators = arguments.Get("evaluators", otherwise.Evaluators),
            Batch = arguments.Get("batch", otherwise.Batch),
            Searches = arguments.Get("searches", otherwise.Searches),
            Storage = arguments.Get("storage", otherwise.Storage),
        };
        arguments.End();
        return options.Storage is "memory" or "azurite" or "both" ? options : throw new ArgumentException($"--storage is '{options.Storage}'; it must be memory, azurite or both.");
    }
}
