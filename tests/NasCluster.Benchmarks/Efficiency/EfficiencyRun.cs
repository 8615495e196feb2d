using System.Diagnostics;
using NasCluster.Core.Pareto;
using NasCluster.Core.Search;

namespace NasCluster.Benchmarks.Efficiency;

/// <summary>An algorithm in the comparison.</summary>
internal sealed record Contestant(string Name, string Key, AlgorithmOptions Options);

/// <summary>How one search's front grew.</summary>
/// <param name="Shares">Share of the reference hypervolume after 1, 2, ... evaluations.</param>
/// <param name="SlowestTell">Milliseconds of the longest tell.</param>
internal sealed record EfficiencyRun(double[] Shares, double SlowestTell)
{
    /// <summary>Evaluations until a share was reached; null if it never was.</summary>
    public int? Until(double share) => Array.FindIndex(Shares, s => s >= share) is var place and >= 0 ? place + 1 : null;

    /// <summary>Runs a search.</summary>
    /// <param name="problem">What is searched.</param>
    /// <param name="algorithm">How.</param>
    /// <param name="seed">The search's seed.</param>
    /// <param name="budget">Evaluations at most.</param>
    /// <param name="atLeast">It goes on until so many, though there be nothing more to find out.</param>
    /// <param name="enough">The share from which on there is nothing more to find out.</param>
    public static EfficiencyRun Of(EfficiencyProblem problem, AlgorithmOptions algorithm, ulong seed, int budget, int atLeast, double enough)
    {
        var options = new SearchOptions
        {
            Objectives = problem.Objectives,
            Budget = budget,
            Seed = seed,
            InitialGenomes = [problem.Space.LargestGenome, problem.Space.Canonicalise(problem.Space.SmallestGenome)],
            Analytic = problem,
        };
        var search = Searches.Create(algorithm, options, problem.Space);
        var front = new ParetoArchive(problem.Objectives);
        var shares = new List<double>();
        var slowest = TimeSpan.Zero;
        while (!search.IsFinished && !(shares.Count >= atLeast && shares[^1] >= enough))
        {
            var trial = search.Ask(1)[0];
            var outcome = problem.Evaluate(trial.Genome);
            var start = Stopwatch.GetTimestamp();
            search.Tell(trial.Id, outcome);
            var took = Stopwatch.GetElapsedTime(start);
            slowest = took > slowest ? took : slowest;
            shares.Add(front.Insert(trial, outcome) || shares.Count == 0 ? problem.Share(front) : shares[^1]);
        }

        return new EfficiencyRun([.. shares], slowest.TotalMilliseconds);
    }
}
