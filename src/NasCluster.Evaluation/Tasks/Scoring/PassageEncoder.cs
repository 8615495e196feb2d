using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Tasks.Scoring;

/// <summary>Turns passages and texts into token sequences as the evaluation harness (version 0.4.9.2) does for a causal network.</summary>
/// <remarks>
/// <para>
/// White space at the end of a context belongs to the continuation. The two are encoded as one text and divided where the context alone
/// would end, so that the continuation gets the ids it has in running text. A sequence that is too long loses its beginning, the
/// beginning mark with it.
/// </para>
/// <para>
/// A text that is scored whole is preceded by the beginning mark twice where the tokenizer puts one before what it encodes: the harness adds
/// its own, so the second one is scored as if it were the text's first token. Its windows do not overlap; the last is filled up with what is before it.
/// </para>
/// </remarks>
/// <param name="tokenizer">Makes the ids.</param>
/// <param name="window">Most tokens a network reads at once. A sequence may have one more, which is scored and not read.</param>
/// <param name="useBeginningMark">Whether the tokenizer's beginning mark, if it has one, is put before what is encoded.</param>
internal sealed class PassageEncoder(ITokenizer tokenizer, int window, bool useBeginningMark)
{
    private readonly int? _mark = useBeginningMark ? tokenizer.BeginningOfSequence : null;

    /// <summary>The request of a passage, whether it lost its beginning, and whether that reached into the continuation.</summary>
    /// <remarks>Where the continuation alone is too long the harness ends with a failed assertion. Here the last tokens of it that fit are scored.</remarks>
    /// <exception cref="NasClusterException">Nothing can be put before the continuation.</exception>
    internal (ScoringRequest Request, bool IsTruncated, bool IsCut) Encode(TaskPassage passage, string place)
    {
        var (ids, scored) = passage.Context.Length == 0 ? Alone(passage.Continuation, place) : Pair(passage);
        var isCut = scored > window;
        scored = Math.Min(scored, window);
        var kept = ids.AsSpan(Math.Max(0, ids.Length - window - 1));
        return kept.Length == scored
            ? throw new NasClusterException($"{place}: what is to be scored has nothing before it, and the tokenizer has no mark to put there.")
            : (new ScoringRequest([.. kept], kept.Length - scored), kept.Length < ids.Length, isCut);
    }

    /// <summary>The windows of a text, each token of which is scored once.</summary>
    /// <exception cref="NasClusterException">Nothing can be put before it.</exception>
    internal ImmutableArray<ScoringRequest> EncodeWhole(string text, string place)
    {
        int[] ids = [.. Marks(), .. tokenizer.Encode(text)];
        int[] all = [Prefix(place), .. ids];
        var requests = ImmutableArray.CreateBuilder<ScoringRequest>();
        for (var done = 0; done < ids.Length;)
        {
            var end = Math.Min(done + window, ids.Length);
            var start = Math.Max(0, end - window);
            requests.Add(new ScoringRequest([.. all.AsSpan(start, end + 1 - start)], done + 1 - start, perToken: true));
            done = end;
        }

        return requests.ToImmutable();
    }

    private (int[] Ids, int Scored) Pair(TaskPassage passage)
    {
        var context = PythonText.TrimEnd(passage.Context);
        int[] whole = [.. Marks(), .. tokenizer.Encode(passage.Context + passage.Continuation)];
        var before = Marks().Length + tokenizer.Encode(context).Length;

        // A merge across the border could leave the continuation no token of its own; it keeps at least the last.
        return (whole, whole.Length - Math.Min(before, whole.Length - 1));
    }

    private (int[] Ids, int Scored) Alone(string continuation, string place)
    {
        var ids = tokenizer.Encode(continuation);
        var prefix = Prefix(place);
        return ids.Length > 1 && ids[0] == prefix ? (ids, ids.Length - 1) : ([prefix, .. ids], ids.Length);
    }

    private int[] Marks() => _mark is { } mark ? [mark] : [];

    private int Prefix(string place) => tokenizer.BeginningOfSequence ?? tokenizer.EndOfSequence
        ?? throw new NasClusterException($"{place}: the tokenizer has neither a beginning nor an end mark to put before the first token.");
}
