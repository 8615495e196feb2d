using NasCluster.Cluster.Benchmarks.Faults;
using NasCluster.Contracts.Searches;
using NasCluster.Core.Control;

namespace NasCluster.Cluster.Benchmarks.Chaos;

/// <summary>What came of it all, as a table.</summary>
internal static class ChaosReport
{
    /// <returns>0 when nothing is wrong.</returns>
    public static int Print(ChaosOptions options, IReadOnlyList<ChaosResult> results, Disturber disturber, FaultProxy proxy, ChaosClient client)
    {
        var problems = results
            .SelectMany(r => r.Audit.Problems.Concat(r.Standing.State == SearchState.Completed ? [] : [$"{r.Name}: {r.Standing.State} {r.Standing.Reason}"]))
            .ToArray();
        var times = results.Select(r => r.Time.TotalSeconds).Order().ToArray();
        var resumed = disturber.Events.Where(e => e.Kind == EventKind.Kill).SelectMany(e => Resumed(e, results)).ToArray();
        var inPeace = resumed.Where(r => !r.MetCut).Select(r => r.Seconds).Order().ToArray();
        var all = resumed.Select(r => r.Seconds).Order().ToArray();
        Row("searches", $"{results.Count}, {options.Parallel} at a time, {options.Evaluations} evaluations each, on {options.Silos} silos; seed {options.Seed}");
        Row("seconds per search", $"{times[0]:F0} to {times[^1]:F0}, median {Median(times):F0}");
        Row("completed", $"{results.Count(r => r.Standing.State == SearchState.Completed)}");
        Row("the undisturbed run's, bit for bit", $"{results.Count(r => r.Audit.Problems.Count == 0)}");
        Row("silos killed", $"{Count(EventKind.Kill)}, {disturber.Events.Count(e => e.Kind == EventKind.Kill && e.Searches.Count > 0)} of them carrying out searches");
        Row("silos frozen", $"{Count(EventKind.Freeze)}, {disturber.Events.Count(e => e.Kind == EventKind.Freeze && e.Searches.Count > 0)} of them carrying out searches");
        Row("silos that ended themselves", $"{disturber.EndedThemselves}");
        Row("storage cut", $"{Count(EventKind.Cut)} times, {proxy.Refused} requests");
        Row("storage faults", $"{proxy.FaultsBefore} before and {proxy.FaultsAfter} after the request, of {proxy.Requests} requests");
        Row("seconds from a kill to the search's next outcome", all.Length == 0 ? "-" : $"median {Median(all):F1}, most {all[^1]:F1}, of {all.Length}");
        Row("the same, no storage cut meanwhile", inPeace.Length == 0 ? "-" : $"median {Median(inPeace):F1}, most {inPeace[^1]:F1}, of {inPeace.Length}");
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

        IEnumerable<(double Seconds, bool MetCut)> Resumed(Event kill, IReadOnlyList<ChaosResult> ended)
        {
            foreach (var result in ended.Where(r => kill.Searches.Contains(r.Name)))
            {
                // The silo is dead: what is stamped later was taken by its successor.
                if (result.Audit.Outcomes.FirstOrDefault(o => o.At > kill.At) is { } next)
                {
                    var metCut = disturber.Events.Any(e => e.Kind == EventKind.Cut && e.At < next.At && e.At.AddSeconds(12) > kill.At);
                    yield return ((next.At - kill.At).TotalSeconds, metCut);
                }
            }
        }
    }

    private static double Median(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
