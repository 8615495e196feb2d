using System.Diagnostics;
using System.Globalization;
using NasCluster.Core.Prediction;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Search.Operators;
using NasCluster.Core.Search.Rounds;
using NasCluster.Core.Search.Surrogates;
using NasCluster.Testing.Problems;

namespace NasCluster.Benchmarks.Efficiency;

/// <summary>Where the time of a tell goes that ends a round of LINAS or EHVI, by what was told before: <c>efficiency tell [SAMPLES...]</c>.</summary>
internal static class TellBenchmark
{
    private const int Repetitions = 3;

    public static int Run(string[] args)
    {
        Console.WriteLine("| samples | grid of LINAS, ms | its inner search, ms | its choice, ms | processes of EHVI, ms |");
        Console.WriteLine("|-|-|-|-|-|");
        foreach (var samples in args.Length == 0 ? [250, 500] : args.Select(a => int.Parse(a, CultureInfo.InvariantCulture)))
        {
            var best = Enumerable.Range(0, Repetitions).Select(_ => Once(samples)).Aggregate((a, b) => [.. a.Zip(b, Math.Min)]);
            Console.WriteLine($"| {samples} | {string.Join(" | ", best.Select(ms => ms.ToString("F0", CultureInfo.InvariantCulture)))} |");
        }

        return 0;
    }

    private static double[] Once(int samples)
    {
        var problem = new LayeredProblem(1);
        var options = new SearchOptions { Objectives = LayeredProblem.Objectives, Budget = 5000, Seed = 1, Analytic = new Parameters(problem) };
        var book = new TrialBook(options, problem.Space);
        var random = new Xoshiro256(1);
        var told = new List<Individual>();
        while (told.Count < samples)
        {
            var genome = problem.Space.Canonicalise(RandomSampling.Sample(problem.Space.Cardinalities, random));
            if (book.TryCreate(genome))
            {
                told.Add(new Individual(new TrialId(told.Count), [.. problem.Outcome(genome).Values.Select(v => v.Value)], 0));
            }
        }

        var round = new Round(1, book, told, random);
        var clock = Stopwatch.StartNew();
        var lesson = new Lesson(options, problem.Space, round, samples);
        var (surrogate, _) = lesson.FitGrid();
        var grid = Lap(clock);
        var found = new InnerSearch(options, problem.Space, new Nsga2Options { PopulationSize = 50 }, 10_000).Run(round, surrogate);
        var inner = Lap(clock);
        HypervolumeSelection.Select(told, [.. found.Where(c => !book.Contains(c.Genome)).Select(c => c.Predicted)], 50);
        var choice = Lap(clock);
        GaussianProcess.Fit(lesson.Samples, lesson.Targets(0));
        return [grid, inner, choice, Lap(clock)];
    }

    private static double Lap(Stopwatch clock)
    {
        var elapsed = clock.Elapsed.TotalMilliseconds;
        clock.Restart();
        return elapsed;
    }

    private sealed class Parameters(LayeredProblem problem) : IAnalyticObjectives
    {
        public bool Computes(Objective objective) => objective.Kind == ObjectiveKind.Analytic;

        public double Compute(Objective objective, Genome genome) => problem.Parameters(genome);

        public double? Violation(Genome genome) => 0;
    }
}
