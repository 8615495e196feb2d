using NasCluster.Core.Pareto;
using NasCluster.Core.Search.Nsga2;

namespace NasCluster.Core.Search.Surrogates;

/// <summary>Which of many predicted candidates to evaluate: one after the other, those that add most to the hypervolume of the front.</summary>
/// <remarks>
/// Each chosen candidate is taken at its word, so that the next lies elsewhere and a round spreads along the front; crowding, by which
/// NSGA-II survives, knows nothing of what is already evaluated. Where none adds anything, and from four objectives on, where volumes
/// are costly, the order is NSGA-II's.
/// </remarks>
internal static class HypervolumeSelection
{
    /// <summary>The most objectives that volumes are computed for.</summary>
    private const int MostObjectives = 3;

    /// <summary>So many times the wanted candidates come into question.</summary>
    private const int Breadth = 4;

    /// <summary>Chooses.</summary>
    /// <param name="told">What is known, with its values.</param>
    /// <param name="candidates">With predicted values; none of them known.</param>
    /// <param name="count">How many are wanted.</param>
    /// <returns>So many, or all there are; the most wanted first.</returns>
    public static List<Individual> Select(IReadOnlyList<Individual> told, IReadOnlyList<Individual> candidates, int count)
    {
        var best = new RankedPopulation([]).Merge(candidates, Breadth * count);
        var chosen = new List<Individual>();
        if (best.Individuals.Count > 0 && best.Individuals[0].Objectives.Length is > 1 and <= MostObjectives)
        {
            AddGreedily(chosen, Front(told), [.. best.Individuals.Where(i => i.Violation == 0)], count);
        }

        // What is left is filled up as NSGA-II would survive.
        var taken = chosen.Select(i => i.Id).ToHashSet();
        var rest = new RankedPopulation([]).Merge(best.Individuals.Where(i => !taken.Contains(i.Id)), count - chosen.Count);
        chosen.AddRange(rest.Fronts.SelectMany(front => front.Select(i => rest.Individuals[i])));
        return chosen;
    }

    private static void AddGreedily(List<Individual> chosen, List<double[]> front, List<Individual> candidates, int count)
    {
        if (candidates.Count == 0)
        {
            return;
        }

        var reference = ReferencePoint.Of([.. front, .. candidates.Select(c => c.Objectives)]);
        front.RemoveAll(p => !ReferencePoint.IsBeyond(p, reference));
        var volume = HypervolumeSweep.Volume(front, reference);

        // What a candidate adds only shrinks as others are chosen: so the last known gain bounds it, and few must be computed anew.
        var bounds = candidates.Where(c => ReferencePoint.IsBeyond(c.Objectives, reference)).Select(c => (Candidate: c, Gain: double.PositiveInfinity)).ToList();
        while (chosen.Count < count && bounds.Count > 0)
        {
            var bestPlace = -1;
            var bestGain = 0.0;
            foreach (var place in Enumerable.Range(0, bounds.Count).OrderByDescending(p => bounds[p].Gain).ThenBy(p => p).ToArray())
            {
                if (bounds[place].Gain <= bestGain)
                {
                    break;
                }

                var gain = HypervolumeSweep.Volume([.. front, bounds[place].Candidate.Objectives], reference) - volume;
                bounds[place] = (bounds[place].Candidate, gain);
                if (gain > bestGain)
                {
                    (bestPlace, bestGain) = (place, gain);
                }
            }

            if (bestPlace < 0)
            {
                return;
            }

            var best = bounds[bestPlace].Candidate;
            bounds.RemoveAt(bestPlace);
            chosen.Add(best);
            front.Add(best.Objectives);
            front.RemoveAll(p => Dominance.Dominates(best.Objectives, p));
            volume = HypervolumeSweep.Volume(front, reference);
        }
    }

    /// <summary>Objectives of the feasible trials that no other dominates.</summary>
    internal static List<double[]> Front(IReadOnlyList<Individual> told)
    {
        var feasible = told.Where(i => i.Violation == 0).ToArray();
        return feasible.Length == 0 ? [] : [.. NonDominatedSort.Sort(feasible)[0].Select(i => feasible[i].Objectives)];
    }
}
