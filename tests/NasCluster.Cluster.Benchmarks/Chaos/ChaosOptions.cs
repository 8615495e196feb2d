namespace NasCluster.Cluster.Benchmarks.Chaos;

/// <summary>How much is disturbed, and what.</summary>
internal sealed record ChaosOptions
{
    /// <summary>How many searches there are; each has a seed of its own.</summary>
    public int Searches { get; init; } = 20;

    /// <summary>How many of them go on at a time.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>Evaluations of one search.</summary>
    public int Evaluations { get; init; } = 400;

    /// <summary>Silos.</summary>
    public int Silos { get; init; } = 4;

    /// <summary>How long something is disturbed; the searches end in peace.</summary>
    public int Seconds { get; init; } = 600;

    /// <summary>Decides what is disturbed when.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Mean time between two disturbances, in seconds.</summary>
    public double Pause { get; init; } = 8;

    /// <summary>How likely a request to storage meets a fault before, and again after, it is carried out.</summary>
    public double Faults { get; init; } = 0.02;

    /// <summary>The one kind of disturbance there is; null for all of them.</summary>
    public EventKind? Only { get; init; }

    public static ChaosOptions Read(Arguments arguments)
    {
        var otherwise = new ChaosOptions();
        var options = new ChaosOptions
        {
            Searches = arguments.Get("searches", otherwise.Searches),
            Parallel = arguments.Get("parallel", otherwise.Parallel),
            Evaluations = arguments.Get("evaluations", otherwise.Evaluations),
            Silos = arguments.Get("silos", otherwise.Silos),
            Seconds = arguments.Get("seconds", otherwise.Seconds),
            Seed = arguments.Get("seed", otherwise.Seed),
            Pause = arguments.Get("pause", otherwise.Pause),
            Faults = arguments.Get("faults", otherwise.Faults),
            Only = arguments.Get("only", "") is { Length: > 0 } kind
                ? Enum.TryParse<EventKind>(kind, ignoreCase: true, out var only) ? only : throw new ArgumentException($"--only is '{kind}'; it must be kill, freeze, leave or cut.")
                : null,
        };
        arguments.End();
        return options.Silos >= 2 ? options : throw new ArgumentException("--silos must be at least 2: somebody must be left.");
    }
}
