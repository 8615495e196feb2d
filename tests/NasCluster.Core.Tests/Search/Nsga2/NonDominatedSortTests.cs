using NasCluster.Core.Pareto;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search;
using NasCluster.Core.Search.Nsga2;

namespace NasCluster.Core.Tests.Search.Nsga2;

public class NonDominatedSortTests
{
    [Fact]
    public void Sort_NoIndividuals_GivesNoFronts() => Assert.Empty(NonDominatedSort.Sort([]));

    [Fact]
    public void Sort_KnownPopulation_GivesItsFronts()
    {
        Individual[] population =
        [
            Feasible(0, 3, 3), Feasible(1, 1, 4), Feasible(2, 4, 1), Feasible(3, 2, 2),
            Infeasible(4, 0.5), Feasible(5, 5, 5), Feasible(6, 2, 2), Infeasible(7, 0.1), Infeasible(8, 0.5),
        ];

        Assert.Equal([[1, 2, 3, 6], [0], [5], [7], [4, 8]], NonDominatedSort.Sort(population));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Sort_RandomPopulations_EqualsPeelingByConstrainedDominance(int objectives)
    {
        var random = new Xoshiro256((ulong)objectives);
        for (var run = 0; run < 300; run++)
        {
            var count = random.NextInt(40);
            Individual[] population =
            [
                .. Enumerable.Range(0, count).Select(i => new Individual(
                    new TrialId(i),
                    [.. Enumerable.Range(0, objectives).Select(_ => (double)random.NextInt(6))],
                    Math.Max(0, random.NextInt(8) - 4))),
            ];

            Assert.Equal(Peel(population), NonDominatedSort.Sort(population));
        }
    }

    /// <summary>The definition: take away, again and again, everybody whom nobody left dominates.</summary>
    private static List<int[]> Peel(Individual[] population)
    {
        var left = Enumerable.Range(0, population.Length).ToList();
        var fronts = new List<int[]>();
        while (left.Count > 0)
        {
            int[] front = [.. left.Where(i => !left.Exists(j => ConstrainedDominates(population[j], population[i])))];
            fronts.Add(front);
            left.RemoveAll(front.Contains);
        }

        return fronts;
    }

    private static bool ConstrainedDominates(Individual left, Individual right) =>
        left.Violation == 0 && right.Violation == 0
            ? Dominance.Dominates(left.Objectives, right.Objectives)
            : left.Violation < right.Violation;

    private static Individual Feasible(int id, params double[] objectives) => new(new TrialId(id), objectives, 0);

    private static Individual Infeasible(int id, double violation) => new(new TrialId(id), [0, 0], violation);
}
