namespace NasCluster.Core.Control.Sharing;

/// <summary>How many evaluators each search ought to have.</summary>
/// <remarks>
/// Weighted max-min fairness (Bertsekas and Gallager, Data Networks, section 6.5.2): every search gets its weight times one common level,
/// but no more than it wants. Where evaluators serve some super-networks only, the level stops first for those searches that together
/// fill all evaluators that serve them, and rises on for the others.
/// </remarks>
internal static class FairShares
{
    /// <summary>Sets share and target of every search.</summary>
    /// <param name="searches">In the order of their arrival.</param>
    /// <param name="evaluators">Those that work for somebody or could.</param>
    /// <param name="now">Ends the slices that are over.</param>
    public static void Set(IReadOnlyCollection<SearchEntry> searches, IEnumerable<EvaluatorEntry> evaluators, TimeSpan now)
    {
        var networks = new Dictionary<string, int>(StringComparer.Ordinal);
        var wanting = new List<(SearchEntry Search, int Group)>();
        foreach (var search in searches)
        {
            search.Share = search.Target = search.Floor = 0;
            if (search.Wanted > 0)
            {
                if (!networks.TryGetValue(search.SuperNetwork, out var group))
                {
                    networks.Add(search.SuperNetwork, group = networks.Count);
                }

                wanting.Add((search, group));
            }
        }

        if (wanting.Count == 0)
        {
            return;
        }

        var kinds = evaluators.GroupBy(evaluator => evaluator.Kind, StringComparer.Ordinal).ToArray();
        var compatibility = new Compatibility(
            [.. kinds.Select(kind => networks.Keys.Select(kind.First().CanServe).ToArray())], [.. kinds.Select(kind => kind.Count())]);
        SetShares(wanting, networks.Count, kinds.Length, compatibility);
        SetTargets(wanting, networks.Count, kinds.Length, compatibility, now);
    }

    private static void SetShares(List<(SearchEntry Search, int Group)> wanting, int groupCount, int kindCount, Compatibility compatibility)
    {
        var active = Enumerable.Repeat(true, groupCount).ToArray();
        var open = Enumerable.Repeat(true, kindCount).ToArray();
        while (active.Contains(true))
        {
            // The level at which some groups fill all that serves them: lower it until no group asks for more than there is.
            var tight = active;
            var level = double.PositiveInfinity;
            for (var full = tight; full is not null;)
            {
                var lower = Level(wanting.Where(w => full[w.Group]), compatibility.Capacity(full, open));
                if (lower >= level && !double.IsPositiveInfinity(level))
                {
                    break; // Only rounding is left.
                }

                (tight, level) = (full, lower);
                var demands = new double[groupCount];
                foreach (var (search, group) in wanting.Where(w => active[w.Group]))
                {
                    demands[group] += Math.Min(search.Wanted, search.Weight * level);
                }

                full = compatibility.Overload(demands, open);
            }

            // At an infinite level everybody gets all they want, not only the groups looked at.
            tight = double.IsPositiveInfinity(level) ? active : tight;
            foreach (var (search, _) in wanting.Where(w => tight[w.Group]))
            {
                search.Share = Math.Min(search.Wanted, search.Weight * level);
            }

            for (var kind = 0; kind < kindCount; kind++)
            {
                open[kind] &= !compatibility.Touches(kind, tight);
            }

            active = [.. active.Zip(tight, (isActive, isTight) => isActive && !isTight)];
        }
    }

    /// <summary>The level at which searches use up a number of evaluators; infinite if they want no more than those.</summary>
    private static double Level(IEnumerable<(SearchEntry Search, int Group)> searches, int evaluators)
    {
        double rest = evaluators;
        var ordered = searches.Select(w => w.Search).OrderBy(search => search.Wanted / search.Weight).ToArray();
        var weight = ordered.Sum(search => search.Weight);
        foreach (var search in ordered)
        {
            if (search.Weight * rest < search.Wanted * weight)
            {
                return rest / weight;
            }

            rest -= search.Wanted;
            weight -= search.Weight;
        }

        return double.PositiveInfinity;
    }

    /// <summary>Rounds the shares: down for all, and up for as many as there are evaluators for; who is owed most goes first.</summary>
    private static void SetTargets(
        List<(SearchEntry Search, int Group)> wanting, int groupCount, int kindCount, Compatibility compatibility, TimeSpan now)
    {
        var open = Enumerable.Repeat(true, kindCount).ToArray();
        var demands = new double[groupCount];
        foreach (var (search, group) in wanting)
        {
            search.Target = search.Floor = (int)Math.Floor(search.Share + Compatibility.Tolerance);
            demands[group] += search.Floor;
        }

        var candidates = wanting.Where(w => w.Search.Share - w.Search.Floor > Compatibility.Tolerance)
            .OrderByDescending(w => w.Search.Kept > w.Search.Floor && w.Search.SliceEnd > now)
            .ThenByDescending(w => w.Search.Owed)
            .ThenBy(w => w.Search.Order);
        var full = new bool[groupCount];
        foreach (var (search, group) in candidates)
        {
            if (full[group])
            {
                continue;
            }

            demands[group]++;
            if (compatibility.Overload(demands, open) is null)
            {
                search.Target++;
            }
            else
            {
                demands[group]--;
                full[group] = true;
            }
        }
    }
}
