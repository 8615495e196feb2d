using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Cpu;

/// <summary>A sequence that is computed once for all requests whose input it begins with. A request's input is its tokens but the last, which is only a target.</summary>
/// <remarks>
/// The answers of a question with answers of one token have one input among them. A row's values depend on the tokens up to it alone,
/// and so do their bits, so it does not matter whose request a row is computed for.
/// </remarks>
internal sealed class SharedInput
{
    private readonly List<int> _requests = [];

    private SharedInput(ReadOnlyMemory<int> tokens) => Tokens = tokens;

    /// <summary>Token ids; at least one.</summary>
    public ReadOnlyMemory<int> Tokens { get; }

    /// <summary>The requests, by place, in ascending order.</summary>
    public IReadOnlyList<int> Requests => _requests;

    /// <summary>As few sequences as hold the inputs of all requests, in the order of their first requests.</summary>
    public static SharedInput[] Of(IReadOnlyList<ScoringRequest> requests)
    {
        var order = Enumerable.Range(0, requests.Count).ToArray();
        Array.Sort(order, (a, b) => Input(requests[a]).Span.SequenceCompareTo(Input(requests[b]).Span));

        // In lexical order whatever begins with an input follows it at once; so each is looked for in the one after it only.
        var holders = new SharedInput[requests.Count];
        for (var i = order.Length - 1; i >= 0; i--)
        {
            var input = Input(requests[order[i]]);
            var next = i + 1 < order.Length ? holders[order[i + 1]] : null;
            holders[order[i]] = next is not null && next.Tokens.Span.StartsWith(input.Span) ? next : new SharedInput(input);
        }

        for (var i = 0; i < holders.Length; i++)
        {
            holders[i]._requests.Add(i);
        }

        return [.. holders.Where((holder, i) => holder._requests[0] == i)];
    }

    private static ReadOnlyMemory<int> Input(ScoringRequest request) => request.TokenIds.AsMemory()[..^1];
}
