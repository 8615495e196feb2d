using System.Collections.Immutable;
using NasCluster.Core.Search;
using NasCluster.Core.Search.Ehvi;

namespace NasCluster.Core.Specification;

/// <summary>The rules of the algorithm's keys that concern more than one of them.</summary>
internal static class AlgorithmRules
{
    public static void Check(SearchSpec spec, ImmutableArray<SpecProblem>.Builder problems)
    {
        var algorithm = spec.Algorithm;
        if (algorithm.Start == SearchStart.Knapsack && algorithm.Name is AlgorithmName.Random or AlgorithmName.MaskEvolution)
        {
            problems.Add(new("algorithm.start", $"algorithm.start is knapsack; with algorithm.name {Words.Of(algorithm.Name)} it must be random."));
        }

        if (algorithm is { Start: SearchStart.Knapsack, Name: AlgorithmName.Nsga2, Mode: SearchMode.SteadyState })
        {
            problems.Add(new("algorithm.start", "algorithm.start is knapsack; with algorithm.mode steady_state it must be random, for the scores must be complete first."));
        }

        if (algorithm.Predictor.InnerEvaluations is { } inner && inner < algorithm.Population)
        {
            problems.Add(new(
                "algorithm.predictor.inner_evaluations",
                $"algorithm.predictor.inner_evaluations is {inner}; it must be at least algorithm.population, {algorithm.Population}."));
        }

        if (algorithm.Name == AlgorithmName.Ehvi && spec.Objectives.Length > EhviOptions.MostObjectives)
        {
            problems.Add(new(
                "objectives", $"objectives names {spec.Objectives.Length}; algorithm.name ehvi takes at most {EhviOptions.MostObjectives}, linas any number."));
        }
    }
}
