using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Cpu;

/// <summary>What is asked of which row of a batch.</summary>
internal static class BatchPlan
{
    /// <summary>For every scored token of requests, in order, the row before it and its id.</summary>
    /// <param name="requests">The requests, each with the row of its first token.</param>
    public static (int[] Rows, int[] Targets) Targets(IEnumerable<(ScoringRequest Request, int FirstRow)> requests) =>
        Targets(requests, (firstRow, place) => firstRow + place);

    /// <summary>For every scored token of requests, in order, the row before it and its id.</summary>
    /// <param name="requests">The requests, each with the number of its sequence.</param>
    /// <param name="rowOf">The row of a sequence's token by its place.</param>
    public static (int[] Rows, int[] Targets) Targets(IEnumerable<(ScoringRequest Request, int Sequence)> requests, Func<int, int, int> rowOf)
    {
        var rows = new List<int>();
        var targets = new List<int>();
        foreach (var (request, sequence) in requests)
        {
            for (var place = request.FirstScored; place < request.TokenIds.Length; place++)
            {
                rows.Add(rowOf(sequence, place - 1));
                targets.Add(request.TokenIds[place]);
            }
        }

        return ([.. rows], [.. targets]);
    }

    /// <summary>A request's result from its scored tokens, in order.</summary>
    public static LogLikelihood Collect(ScoringRequest request, ReadOnlySpan<float> likelihoods, ReadOnlySpan<bool> greedy)
    {
        var sum = 0.0;
        foreach (var likelihood in likelihoods)
        {
            sum += likelihood;
        }

        return new LogLikelihood(sum, !greedy.Contains(false), request.PerToken ? [.. likelihoods] : []);
    }
}
