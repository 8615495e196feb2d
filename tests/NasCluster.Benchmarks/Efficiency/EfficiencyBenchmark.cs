using System.Globalization;
using NasCluster.Core.Pareto;
using NasCluster.Core.Search;
using NasCluster.Core.Search.BlockScores;
using NasCluster.Core.Search.Ehvi;
using NasCluster.Core.Search.Linas;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Search.RandomSearch;
using NasCluster.Testing;
using NasCluster.Testing.Problems;

namespace NasCluster.Benchmarks.Efficiency;

/// <summary>How many evaluations each algorithm needs to come near a front that is known.</summary>
/// <remarks>
/// Every search begins with the largest and the smallest network, as <c>nas search</c> does; they count. The reference point lies a tenth
/// of the reference front's extent beyond its worst values. Problem a is the shipped super-network's tabulated space, b the made-up one of
/// 32 layers.
/// </remarks>
internal static class EfficiencyBenchmark
{
    private const double Near = 0.95;
    private const double Nearer = 0.99;

    public static int Run(string[] args)
    {
        var arguments = EfficiencyArguments.Parse(args);
        var charts = new List<EfficiencyChart>();
        if (arguments.OnSmallWorld)
        {
            charts.Add(Compare(SmallWorld(), arguments, 16, 1143, 200));
        }

        if (arguments.OnLayered)
        {
            charts.Add(Compare(Layered(arguments.Instance), arguments, 50, 5000, 600));
        }

        if (arguments.Picture is { } picture)
        {
            using var file = new StreamWriter(picture);
            EfficiencyChart.Write(charts, file);
        }

        return 0;
    }

    private static Contestant[] Contestants(int population) =>
    [
        new("random", "random", new RandomSearchOptions()),
        new("NSGA-II", "nsga2", new Nsga2Options { PopulationSize = population }),
        new("NSGA-II, steady-state", "steady", new Nsga2Options { PopulationSize = population, Mode = Nsga2Mode.SteadyState }),
        new("NSGA-II, knapsack start", "nsga2-knapsack", new Nsga2Options { PopulationSize = population, Start = SearchStart.Knapsack }),
        new("block scores", "block_scores", new BlockScoresOptions()),
        new("LINAS", "linas", new LinasOptions { PopulationSize = population }),
        new("LINAS, knapsack start", "linas-knapsack", new LinasOptions { PopulationSize = population, Start = SearchStart.Knapsack }),
        new("EHVI", "ehvi", new EhviOptions { PopulationSize = population }),
    ];

    private static EfficiencyProblem SmallWorld()
    {
        var table = SmallWorldTable.Read();
        var front = new ParetoArchive(SmallWorldTable.Objectives);
        foreach (var (number, genome) in table.Genomes.Index())
        {
            front.Insert(new Trial(new TrialId(number), genome), table.Outcome(genome));
        }

        return new EfficiencyProblem("small-world", SmallWorldTable.Space, SmallWorldTable.Objectives, table.Outcome, front);
    }

    /// <summary>The reference front is that of long searches put together.</summary>
    private static EfficiencyProblem Layered(ulong instance)
    {
        var problem = new LayeredProblem(instance);
        var front = new ParetoArchive(LayeredProblem.Objectives);
        var number = 0;
        for (ulong seed = 1001; seed <= 1004; seed++)
        {
            var options = new SearchOptions
            {
                Objectives = LayeredProblem.Objectives,
                Budget = 100_000,
                Seed = seed,
                InitialGenomes = [problem.Space.LargestGenome, problem.Space.SmallestGenome],
            };
            SearchDriver.Run(Searches.Create(new Nsga2Options { PopulationSize = 200 }, options, problem.Space), trial =>
            {
                var outcome = problem.Outcome(trial.Genome);
                front.Insert(new Trial(new TrialId(number++), trial.Genome), outcome);
                return outcome;
            });
        }

        return new EfficiencyProblem($"layered {instance}", problem.Space, LayeredProblem.Objectives, problem.Outcome, front);
    }

    private static EfficiencyChart Compare(EfficiencyProblem problem, EfficiencyArguments arguments, int population, int budget, int shown)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{problem.Name}: {problem.Space.DistinctCount:#,0} networks, {problem.FrontSize} on the reference front, reference point ({string.Join(", ", problem.Hypervolume.ReferencePoint.Select(v => v.ToString("G6", CultureInfo.InvariantCulture)))}), population {population}, seeds {arguments.FirstSeed} to {arguments.LastSeed}"));
        Console.WriteLine();
        Console.WriteLine("| algorithm | seeds | to 0.95: median | quartiles | to 0.99: median | quartiles | share after 100 | slowest tell, ms |");
        Console.WriteLine("|-|-|-|-|-|-|-|-|");
        var curves = new List<(string Name, int Seeds, double[] Medians)>();
        var runs = new EfficiencyRuns(arguments);
        foreach (var contestant in Contestants(population).Where(c => arguments.Algorithms.Length == 0 || arguments.Algorithms.Contains(c.Key)))
        {
            var bySeed = new EfficiencyRun?[arguments.LastSeed - arguments.FirstSeed + 1];
            Parallel.For(0, bySeed.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, place =>
                bySeed[place] = runs.Of(problem, contestant, arguments.FirstSeed + place, Math.Min(budget, arguments.Most), shown, Nearer));
            EfficiencyRun[] all = [.. bySeed.OfType<EfficiencyRun>()];
            if (all.Length == 0)
            {
                continue;
            }

            double MedianAfter(int evaluations) => Median([.. all.Select(r => r.Shares[Math.Min(evaluations, r.Shares.Length) - 1])]);
            curves.Add((contestant.Name, all.Length, [.. Enumerable.Range(1, shown).Select(MedianAfter)]));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {contestant.Name} | {all.Length} | {Quartiles(all, Near)} | {Quartiles(all, Nearer)} | {MedianAfter(100):F4} | {all.Max(r => r.SlowestTell):F0} |"));
        }

        Console.WriteLine();
        return new EfficiencyChart(problem.Name, population, [.. curves]);
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    private static string Quartiles(EfficiencyRun[] runs, double share)
    {
        var sorted = runs.Select(r => r.Until(share) ?? int.MaxValue).Order().ToArray();
        return $"{Word(0.5)} | {Word(0.25)} to {Word(0.75)}";

        string Word(double quantile)
        {
            var place = quantile * (sorted.Length - 1);
            var (low, high) = (sorted[(int)Math.Floor(place)], sorted[(int)Math.Ceiling(place)]);
            return high == int.MaxValue ? "not reached" : (low + ((high - low) * (place - Math.Floor(place)))).ToString("0.#", CultureInfo.InvariantCulture);
        }
    }
}
