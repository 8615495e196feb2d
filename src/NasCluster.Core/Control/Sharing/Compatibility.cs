namespace NasCluster.Core.Control.Sharing;

/// <summary>Which groups of demand (searches of one super-network) can be met by which kinds of evaluators.</summary>
/// <remarks>Both are few, so plain augmenting paths are fast enough.</remarks>
/// <param name="serves">[kind][group].</param>
/// <param name="counts">How many evaluators of each kind there are.</param>
internal sealed class Compatibility(bool[][] serves, int[] counts)
{
    /// <summary>Slack for sums of shares that are whole only up to rounding.</summary>
    public const double Tolerance = 1e-7;

    /// <summary>How many evaluators serve any of some groups.</summary>
    /// <param name="groups">Which.</param>
    /// <param name="open">The kinds that count.</param>
    public int Capacity(bool[] groups, bool[] open)
    {
        var sum = 0;
        for (var kind = 0; kind < counts.Length; kind++)
        {
            sum += open[kind] && Touches(kind, groups) ? counts[kind] : 0;
        }

        return sum;
    }

    /// <summary>Whether a kind serves any of some groups.</summary>
    public bool Touches(int kind, bool[] groups)
    {
        for (var group = 0; group < groups.Length; group++)
        {
            if (groups[group] && serves[kind][group])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Groups that together demand more than all evaluators that serve any of them.</summary>
    /// <param name="demands">Evaluators per group.</param>
    /// <param name="open">The kinds that count.</param>
    /// <returns>Null if every demand can be met at once.</returns>
    public bool[]? Overload(double[] demands, bool[] open)
    {
        var flow = new double[demands.Length][];
        var room = new double[counts.Length];
        for (var kind = 0; kind < room.Length; kind++)
        {
            room[kind] = open[kind] ? counts[kind] : 0;
        }

        for (var group = 0; group < demands.Length; group++)
        {
            flow[group] = new double[counts.Length];
        }

        for (var group = 0; group < demands.Length; group++)
        {
            var rest = demands[group];
            while (rest > Tolerance)
            {
                var moved = Augment(group, rest, flow, room, out var reached);
                if (moved <= 0)
                {
                    return reached;
                }

                rest -= moved;
            }
        }

        return null;
    }

    /// <summary>Moves demand of a group to a kind with room, along a shortest chain of groups that make way.</summary>
    private double Augment(int from, double amount, double[][] flow, double[] room, out bool[] reached)
    {
        reached = new bool[flow.Length];
        var via = new int[counts.Length]; // The group from which a kind was reached.
        Array.Fill(via, -1);
        var after = new int[flow.Length]; // The kind from which a group was reached.
        var queue = new Queue<int>([from]);
        reached[from] = true;
        while (queue.TryDequeue(out var group))
        {
            for (var kind = 0; kind < counts.Length; kind++)
            {
                if (via[kind] >= 0 || !serves[kind][group])
                {
                    continue;
                }

                via[kind] = group;
                if (room[kind] > Tolerance)
                {
                    return Push(from, kind, Math.Min(amount, room[kind]), via, after, flow, room);
                }

                for (var other = 0; other < flow.Length; other++)
                {
                    if (!reached[other] && flow[other][kind] > Tolerance)
                    {
                        reached[other] = true;
                        after[other] = kind;
                        queue.Enqueue(other);
                    }
                }
            }
        }

        return 0;
    }

    private static double Push(int from, int last, double amount, int[] via, int[] after, double[][] flow, double[] room)
    {
        for (var kind = last; via[kind] != from; kind = after[via[kind]])
        {
            amount = Math.Min(amount, flow[via[kind]][after[via[kind]]]);
        }

        room[last] -= amount;
        var at = last;
        while (true)
        {
            flow[via[at]][at] += amount;
            if (via[at] == from)
            {
                return amount;
            }

            flow[via[at]][after[via[at]]] -= amount;
            at = after[via[at]];
        }
    }
}
