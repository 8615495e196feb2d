using NasCluster.Core.Pareto;

namespace NasCluster.Core.Search.Nsga2;

/// <summary>Splits a population into fronts: each is what nobody in it or after it dominates.</summary>
/// <remarks>
/// Efficient non-dominated sort with binary search (Zhang, Tian, Cheng and Jin 2015): taken in lexicographic order, a candidate can
/// only be dominated by those before it, and one that front k dominates is dominated by every front before k as well.
/// Infeasible candidates follow the feasible ones by ascending violation, equal violations in one front (Deb 2002, section VI).
/// </remarks>
internal static class NonDominatedSort
{
    /// <returns>The fronts, best first, as indices into the population; ascending within a front.</returns>
    public static List<int[]> Sort(IReadOnlyList<Individual> population)
    {
        var indices = Enumerable.Range(0, population.Count).ToArray();
        var feasible = indices.Where(i => population[i].Violation == 0).ToArray();
        Array.Sort(feasible, (a, b) => Compare(population[a].Objectives, population[b].Objectives, a, b));

        var fronts = new List<List<int>>();
        foreach (var index in feasible)
        {
            var low = 0;
            var high = fronts.Count;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (IsDominated(population, index, fronts[middle]))
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            if (low == fronts.Count)
            {
                fronts.Add([]);
            }

            fronts[low].Add(index);
        }

        return
        [
            .. fronts.Select(front => front.Order().ToArray()),
            .. indices.Where(i => population[i].Violation > 0)
                .GroupBy(i => population[i].Violation)
                .OrderBy(g => g.Key)
                .Select(g => g.ToArray()),
        ];
    }

    private static bool IsDominated(IReadOnlyList<Individual> population, int index, List<int> front)
    {
        // The latest member is the nearest in the order and the likeliest to dominate.
        for (var i = front.Count - 1; i >= 0; i--)
        {
            if (Dominance.Dominates(population[front[i]].Objectives, population[index].Objectives))
            {
                return true;
            }
        }

        return false;
    }

    private static int Compare(double[] left, double[] right, int leftIndex, int rightIndex)
    {
        for (var k = 0; k < left.Length; k++)
        {
            if (left[k] != right[k])
            {
                return left[k] < right[k] ? -1 : 1;
            }
        }

        return leftIndex.CompareTo(rightIndex);
    }
}
