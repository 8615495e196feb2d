using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Cpu;

/// <summary>Which sequences are computed together, and what is asked of which row.</summary>
internal static class BatchPlan
{
    /// <summary>Runs of sequences, in order, of at most <paramref name="batchTokens"/> rows; a longer sequence is a run of its own.</summary>
    public static IEnumerable<(int First, int End)> Split(IReadOnlyList<SharedInput> inputs, int batchTokens)
    {
        var first = 0;
        var rows = 0L;
        for (var i = 0; i < inputs.Count; i++)
        {
            var more = inputs[i].Tokens.Length;
            if (i > first && rows + more > batchTokens)
            {
                yield return (first, i);
                first = i;
                rows = 0;
            }

            rows += more;
        }

        if (first < inputs.Count)
        {
            yield return (first, inputs.Count);
        }
    }

    /// <summary>For every scored token of requests, in order, the row before it and its id.</summary>
    /// <param name="requests">The requests, each with the row of its first token.</param>
    public static (int[] Rows, int[] Targets) Targets(IEnumerable<(ScoringRequest Request, int FirstRow)> requests)
    {
        var rows = new List<int>();
        var targets = new List<int>();
        foreach (var (request, firstRow) in requests)
        {
            for (var place = request.FirstScored; place < request.TokenIds.Length; place++)
            {
                rows.Add(firstRow + place - 1);
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
