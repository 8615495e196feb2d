using NasCluster.Core.Randomness;

namespace NasCluster.Core.Search.Nsga2;

/// <summary>A population in the order of its trials, with each member's front and crowding; a function of its members alone.</summary>
internal sealed class RankedPopulation
{
    private readonly int[] _ranks;
    private readonly double[] _crowding;

    /// <param name="individuals">In ascending order of their trials.</param>
    public RankedPopulation(IReadOnlyList<Individual> individuals)
    {
        Individuals = individuals;
        Fronts = NonDominatedSort.Sort(individuals);
        _ranks = new int[individuals.Count];
        _crowding = new double[individuals.Count];
        for (var rank = 0; rank < Fronts.Count; rank++)
        {
            var front = Fronts[rank];
            var distances = CrowdingDistance.Of([.. front.Select(i => individuals[i].Objectives)]);
            for (var i = 0; i < front.Length; i++)
            {
                _ranks[front[i]] = rank;
                _crowding[front[i]] = distances[i];
            }
        }
    }

    public IReadOnlyList<Individual> Individuals { get; }

    /// <summary>The fronts as indices into <see cref="Individuals"/>, best first.</summary>
    public IReadOnlyList<int[]> Fronts { get; }

    /// <summary>
    /// The population with others added, cut down to the best: whole fronts, then the least crowded of the front that does not fit
    /// (the lower trial on a tie).
    /// </summary>
    /// <param name="added">None of them is in the population.</param>
    /// <param name="size">The most that stay.</param>
    public RankedPopulation Merge(IEnumerable<Individual> added, int size)
    {
        var all = new RankedPopulation([.. Individuals.Concat(added).OrderBy(i => i.Id)]);
        if (all.Individuals.Count <= size)
        {
            return all;
        }

        var kept = new List<int>();
        foreach (var front in all.Fronts)
        {
            var room = size - kept.Count;
            kept.AddRange(front.Length <= room ? front : front.OrderByDescending(i => all._crowding[i]).ThenBy(i => i).Take(room));
            if (kept.Count == size)
            {
                break;
            }
        }

        // Ranked anew: crowding counts the neighbours that are still there.
        return new RankedPopulation([.. kept.Order().Select(i => all.Individuals[i])]);
    }

    /// <summary>A binary tournament: of two members drawn, the one of the better front, then the less crowded, then by a coin.</summary>
    /// <remarks>Draws: one for each member; a third on a full tie of two different members (0: the first).</remarks>
    public Individual Tournament(IRandomSource random)
    {
        var first = random.NextInt(Individuals.Count);
        var second = random.NextInt(Individuals.Count);
        if (first == second)
        {
            return Individuals[first];
        }

        var order = _ranks[first] != _ranks[second]
            ? _ranks[first].CompareTo(_ranks[second])
            : _crowding[second].CompareTo(_crowding[first]);
        return Individuals[order < 0 || (order == 0 && random.NextInt(2) == 0) ? first : second];
    }
}
