namespace NasCluster.Benchmarks.Dispatch;

/// <summary>How long each attempt at a trial takes and whether it fails: a function of search, trial and attempt, so that the simulated
/// cluster and the bound do the same work.</summary>
internal sealed class EvaluationTimes(WorldOptions options)
{
    public (double Seconds, bool Fails) Of(int search, long trial, int attempt)
    {
        var state = ((ulong)search << 48) ^ ((ulong)trial << 8) ^ (ulong)attempt;
        var radius = Math.Sqrt(-2 * Math.Log(1 - Unit(state, 1)));
        var normal = radius * Math.Cos(2 * Math.PI * Unit(state, 2));
        var mu = Math.Log(options.MeanTime) - (options.Sigma * options.Sigma / 2);
        return (Math.Exp(mu + (options.Sigma * normal)), Unit(state, 3) < options.FailureRate);
    }

    /// <summary>A number in [0, 1) from SplitMix64's finaliser.</summary>
    public static double Unit(ulong state, ulong stream)
    {
        var z = (state * 0x9E3779B97F4A7C15) + (stream * 0xD1B54A32D192ED03) + 0x8CB92BA72F3D8DD7;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>
    /// How long a generation takes by list scheduling (Graham 1969): whoever is free takes the next trial, a failed one first, without
    /// any delay and with no evaluator ever dying.
    /// </summary>
    /// <returns>Its length, and the work in it.</returns>
    public (double Makespan, double Work) ListSchedule(int search, long firstTrial, int trials)
    {
        var free = new PriorityQueue<int, double>();
        for (var i = 0; i < options.Evaluators; i++)
        {
            free.Enqueue(i, 0);
        }

        var ends = new PriorityQueue<(long Trial, int Attempt), double>();
        var next = 0;
        var makespan = 0.0;
        var work = 0.0;
        while (next < trials || ends.Count > 0)
        {
            while (next < trials && free.TryDequeue(out _, out var at))
            {
                Start(firstTrial + next++, 0, at);
            }

            ends.TryDequeue(out var ended, out var end);
            makespan = Math.Max(makespan, end);
            if (Of(search, ended.Trial, ended.Attempt).Fails)
            {
                Start(ended.Trial, ended.Attempt + 1, end);
            }
            else
            {
                free.Enqueue(0, end);
            }
        }

        return (makespan, work);

        void Start(long trial, int attempt, double at)
        {
            var seconds = Of(search, trial, attempt).Seconds;
            work += seconds;
            ends.Enqueue((trial, attempt), at + seconds);
        }
    }
}
