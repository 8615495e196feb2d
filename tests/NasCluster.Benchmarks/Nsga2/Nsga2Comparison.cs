using System.Diagnostics;
using System.Globalization;
using NasCluster.Core.Pareto;
using NasCluster.Core.Search;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Testing;
using NasCluster.Testing.Problems;

namespace NasCluster.Benchmarks.Nsga2;

/// <summary>Our NSGA-II beside a peer's, by the settings of <c>peers/nsga2/README.md</c>: median hypervolume of the final population.</summary>
internal static class Nsga2Comparison
{
    private const int Evaluations = 20_000;
    private const int Seeds = 11;

    private static readonly Nsga2Options LikeThePeer = new() { PopulationSize = 100, MutationAlwaysMoves = false };

    private static readonly (string Name, Nsga2Options Options)[] Variants =
    [
        ("generational, mutation as the peer's", LikeThePeer),
        ("generational, default mutation", LikeThePeer with { MutationAlwaysMoves = true }),
        ("steady-state, 8 in flight", LikeThePeer with { Mode = Nsga2Mode.SteadyState }),
    ];

    /// <summary>Prints the table.</summary>
    /// <returns>0 if every median of the first variant is at least 99 % of the peer's, else 1.</returns>
    public static int Run()
    {
        var folder = Path.Combine(SharedData.RepositoryRoot, "tests", "NasCluster.Benchmarks", "peers", "nsga2");
        var peer = PeerFigures.Read(Path.Combine(folder, "deap.json"));
        Console.WriteLine($"Median hypervolume of {Seeds} seeds, {Evaluations} evaluations each; the peer is {peer.Implementation}.");
        Console.WriteLine();
        Console.WriteLine("| problem | variant | ours | least | most | peer | ours / peer | s per run |");
        Console.WriteLine("|-|-|-|-|-|-|-|-|");
        var asGood = true;
        foreach (var problem in IntegerProblem.All)
        {
            foreach (var (name, options) in Variants)
            {
                var clock = Stopwatch.StartNew();
                double[] volumes = [.. Enumerable.Range(1, Seeds).Select(seed => FinalVolume(problem, options, (ulong)seed)).Order()];
                var median = volumes[Seeds / 2];
                var theirs = peer.Medians[problem.Name];
                var ratio = median / theirs;
                var seconds = clock.Elapsed.TotalSeconds / Seeds;
                asGood &= options != LikeThePeer || ratio >= 0.99;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {problem.Name} | {name} | {median:F5} | {volumes[0]:F5} | {volumes[^1]:F5} | {theirs:F5} | {ratio:F4} | {seconds:F2} |"));
            }
        }

        return asGood ? 0 : 1;
    }

    private static double FinalVolume(IntegerProblem problem, Nsga2Options algorithm, ulong seed)
    {
        var options = new SearchOptions { Objectives = [.. problem.Objectives], Budget = Evaluations, Seed = seed };
        var search = (Nsga2Search)Searches.Create(algorithm, options, problem.Space);
        SearchDriver.Run(search, trial => problem.Outcome(trial.Genome));
        var volume = new Hypervolume(problem.Objectives, [.. problem.Objectives.Select(_ => 1.1)]);
        return volume.Of(search.Population.Select(i => i.Objectives));
    }
}
