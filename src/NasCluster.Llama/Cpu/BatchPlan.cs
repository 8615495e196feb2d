using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Cpu;

/// <summary>Which requests are computed together, and what is asked of which row.</summary>
internal static class BatchPlan
{
    /// <summary>Runs of requests, in order, of at most <paramref name="batchTokens"/> rows; a longer request is a run of its own.</summary>
    public static IEnumerable<(int First, int End)> Split(IReadOnlyList<ScoringRequest> requests, int batchTokens)
    {
        var first = 0;
        var rows = 0L;
        for (var i = 0; i < requests.Count; i++)
        {
            var more = requests[i].TokenIds.Length - 1;
            if (i > first && rows + more > batchTokens)
            {
                yield return (first, i);
                first = i;
                rows = 0;
            }

            rows += more;
        }

        if (first < requests.Count)
        {
            yield return (first, requests.Count);
        }
    }

    /// <summary>For every scored token of a run of requests, the row before it and its id.</summary>
    /// <param name="requests">All requests.</param>
    /// <param name="first">The run's first.</param>
    /// <param name="end">One beyond its last.</param>
    /// <param name="firstRows">Where each of the run's sequences begins.</param>
    public static (int[] Rows, int[] Targets) Targets(IReadOnlyList<ScoringRequest> requests, int first, int end, int[] firstRows)
    {
        var rows = new List<int>();
        var targets = new List<int>();
        for (var i = first; i < end; i++)
        {
            for (var place = requests[i].FirstScored; place < requests[i].TokenIds.Length; place++)
            {
                rows.Add(firstRows[i - first] + place - 1);
                targets.Add(requests[i].TokenIds[place]);
            }
        }

        return ([.. rows], [.. targets]);
    }
}
