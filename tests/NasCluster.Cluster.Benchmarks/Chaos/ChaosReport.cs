using NasCluster.Cluster.Benchmarks.Faults;
using NasCluster.Contracts.Searches;
using NasCluster.Core.Control;

namespace NasCluster.Cluster.Benchmarks.Chaos;

/// <summary>What came of it all, as a table.</summary>
internal static class ChaosReport
{
    /// <summary>How long a disturbance is felt: a cut lasts 10 s, and a silo is missed for about as long.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(12);

    /// <returns>0 when nothing is wrong.</returns>
    public static int Print(ChaosOptions options, IReadOnlyList<ChaosResult> results, Disturber disturber, FaultProxy proxy, ChaosClient client)
    {
        var problems = results
            .SelectMany(r => r.Audit.Problems.Concat(r.Standing.State == SearchState.Completed ? [] : [$"{r.Name}: {r.Standing.State} {r.Standing.Reason}"]))
            .Concat(disturber.LeftWith.Where(l => l.ExitCode != 0).Select(l => $"a silo told to leave ended with {l.ExitCode?.ToString() ?? "nothing"} after {l.Time.TotalSeconds:F0} s"))
            .ToArray();
        var times = results.Select(r => r.Time.TotalSeconds).Order().ToArray();
        Row("searches", $"{results.Count}, {options.Parallel} at a time, {options.Evaluations} evaluations each, on {options.Silos} silos; seed {options.Seed}");
        Row("seconds per search", $"{times[0]:F0} to {times[^1]:F0}, median {Median(times):F0}");
        Row("completed", $"{results.Count(r => r.Standing.State == SearchState.Completed)}");
        Row("the undisturbed run's, bit for bit", $"{results.Count(r => r.Audit.Problems.Count == 0)}");
        Struck("silos killed", EventKind.Kill);
        Struck("silos frozen", EventKind.Freeze);
        Struck("silos told to leave", EventKind.Leave);
        Row("silos that left when told to", disturber.LeftWith.Count == 0 ? "-" : $"{disturber.LeftWith.Count(l => l.ExitCode == 0)}, within {disturber.LeftWith.Max(l => l.Time.TotalSeconds):F1} s");
        Row("silos that ended themselves", $"{disturber.EndedThemselves}");
        Row("storage cut", $"{Count(EventKind.Cut)} times, {proxy.Refused} requests");
        Row("storage faults", $"{proxy.FaultsBefore} before and {proxy.FaultsAfter} after the request, of {proxy.Requests} requests");
        Paused("seconds from a kill to the search's next outcome", EventKind.Kill, FromEvent);
        Paused("seconds from a freeze to the search's next outcome", EventKind.Freeze, FromEvent);
        Paused("longest pause between outcomes in the minute after a silo was told to leave, seconds", EventKind.Leave, LongestPause);
        Row("outcomes recorded", $"{results.Sum(r => r.Audit.Outcomes.Count)}, {results.Sum(r => r.Audit.Outcomes.Count(o => o.Source == OutcomeSource.Evaluated))} of them evaluated");
        Row("trials started again", $"{results.Sum(r => r.Audit.StartedAgain)}");
        Row("client's calls repeated", $"{client.Repeated}");
        foreach (var problem in problems)
        {
            Console.WriteLine(problem);
        }

        Console.WriteLine(problems.Length == 0 ? "Nothing was lost, doubled, parked or changed." : $"{problems.Length} problems.");
        return problems.Length == 0 ? 0 : 1;

        int Count(EventKind kind) => disturber.Events.Count(e => e.Kind == kind);

        static void Row(string name, string value) => Console.WriteLine($"| {name} | {value} |");

        void Struck(string name, EventKind kind) =>
            Row(name, $"{Count(kind)}, {disturber.Events.Count(e => e.Kind == kind && e.Searches.Count > 0)} of them carrying out searches");

        void Paused(string name, EventKind kind, Func<Event, IReadOnlyList<OutcomeRecord>, (double Seconds, DateTimeOffset Until)?> measure)
        {
            var pauses = new List<(double Seconds, bool IsAlone)>();
            foreach (var struck in disturber.Events.Where(e => e.Kind == kind))
            {
                foreach (var result in results.Where(r => struck.Searches.Contains(r.Name)))
                {
                    if (measure(struck, result.Audit.Outcomes) is { } pause)
                    {
                        Console.Error.WriteLine($"{struck.At:HH:mm:ss} {struck.Kind}: {result.Name} paused for {pause.Seconds:F1} s, until {pause.Until:HH:mm:ss}");
                        pauses.Add((pause.Seconds, !disturber.Events.Any(e => e != struck && e.At < pause.Until && e.At.Add(Aftermath) > struck.At)));
                    }
                }
            }

            Row(name, Spread(pauses.Select(p => p.Seconds)));
            Row("the same where nothing else was struck meanwhile or shortly before", Spread(pauses.Where(p => p.IsAlone).Select(p => p.Seconds)));
        }
    }

    // The silo is gone: what is stamped later was taken by its successor.
    private static (double Seconds, DateTimeOffset Until)? FromEvent(Event struck, IReadOnlyList<OutcomeRecord> outcomes) =>
        outcomes.FirstOrDefault(o => o.At > struck.At) is { } next ? ((next.At - struck.At).TotalSeconds, next.At) : null;

    // It goes on while it leaves, and then its successor does.
    private static (double Seconds, DateTimeOffset Until)? LongestPause(Event struck, IReadOnlyList<OutcomeRecord> outcomes)
    {
        var times = outcomes.Select(o => o.At).Where(at => at > struck.At && at < struck.At.AddMinutes(1)).Prepend(struck.At).ToArray();
        return times.Length > 1 ? times.Zip(times.Skip(1), (one, next) => ((next - one).TotalSeconds, next)).MaxBy(pause => pause.TotalSeconds) : null;
    }

    private static string Spread(IEnumerable<double> seconds)
    {
        var sorted = seconds.Order().ToArray();
        return sorted.Length == 0 ? "-" : $"median {Median(sorted):F1}, most {sorted[^1]:F1}, of {sorted.Length}";
    }

    private static double Median(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
