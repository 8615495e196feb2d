using System.Globalization;
using NasCluster.Core.Pareto;
using NasCluster.Core.Search;

namespace NasCluster.Benchmarks.Fronts;

/// <summary>Compares the fronts of several runs by their report-set values: hypervolume from one common reference point, and the ends of each front.</summary>
/// <remarks>
/// The reference point is the worst that any network of any run has in each objective, and the hypervolume is given as a share of the box
/// from there to the best.
/// </remarks>
internal static class FrontComparison
{
    public static int Run(string[] directories)
    {
        if (directories.Length == 0)
        {
            Console.Error.WriteLine("fronts: name the directories of finished runs with the same objectives.");
            return 2;
        }

        var runs = Array.ConvertAll(directories, FrontFile.Read);
        var objectives = runs[0].Objectives;
        if (runs.Any(r => !r.Objectives.SequenceEqual(objectives)))
        {
            Console.Error.WriteLine("fronts: the runs have different objectives.");
            return 1;
        }

        var all = runs.SelectMany(r => r.Front.Append(r.Whole)).ToArray();
        var worst = objectives.Select((o, i) => o.Direction == ObjectiveDirection.Minimise ? all.Max(v => v[i]) : all.Min(v => v[i])).ToArray();
        var best = objectives.Select((o, i) => o.Direction == ObjectiveDirection.Minimise ? all.Min(v => v[i]) : all.Max(v => v[i])).ToArray();
        var box = worst.Zip(best, (w, b) => Math.Abs(w - b)).Aggregate(1.0, (product, side) => product * side);
        var hypervolume = new Hypervolume(objectives, worst);
        var cost = Array.FindIndex(objectives, o => o.Kind != ObjectiveKind.Scored);
        Console.WriteLine($"| run | on the front | hypervolume | {string.Join(" | ", objectives.Select(o => $"smallest: {o.Name}"))} | {string.Join(" | ", objectives.Select(o => $"whole: {o.Name}"))} |");
        Console.WriteLine($"|-|-|-|{string.Concat(Enumerable.Repeat("-|", 2 * objectives.Length))}");
        foreach (var run in runs)
        {
            var smallest = cost < 0 ? run.Front[0] : run.Front.MinBy(v => v[cost])!;
            var share = hypervolume.Of(run.Front) / box;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {run.Name} | {run.Front.Length} | {share:P1} | {Row(objectives, smallest)} | {Row(objectives, run.Whole)} |"));
        }

        return 0;
    }

    private static string Row(Objective[] objectives, double[] values) => string.Join(
        " | ", objectives.Zip(values, (o, v) => v.ToString(o.Kind == ObjectiveKind.Scored ? "F4" : "N0", CultureInfo.InvariantCulture)));
}
