using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Texts;

/// <summary>A text ready to be scored: its windows, and the identity of what is scored.</summary>
public sealed class TextSet
{
    // SentencePiece vocabularies of this family have no piece longer than 16 characters.
    private const int CharactersPerToken = 16;

    private TextSet(WindowProtocol protocol, ImmutableArray<ScoringRequest> requests, string tokenizerFingerprint)
    {
        Protocol = protocol;
        Requests = requests;
        TokenizerFingerprint = tokenizerFingerprint;
        ScoredCount = requests.Sum(r => r.ScoredCount);
        Fingerprint = RequestFingerprint.Of("text", requests);
    }

    /// <summary>How the text became windows.</summary>
    public WindowProtocol Protocol { get; }

    /// <summary>The windows, in the order of the text; each asks for per-token likelihoods.</summary>
    public ImmutableArray<ScoringRequest> Requests { get; }

    /// <summary>Tokens scored, each once.</summary>
    public int ScoredCount { get; }

    /// <summary>SHA-256 over token ids and scored spans, in lower-case hexadecimal.</summary>
    public string Fingerprint { get; }

    /// <summary>Which tokenizer made the ids.</summary>
    public string TokenizerFingerprint { get; }

    /// <summary>Tokenises a text and cuts it into windows.</summary>
    /// <param name="text">The text: joined already, or, where documents are kept apart, with the separator between them.</param>
    /// <param name="tokenizer">Makes the ids.</param>
    /// <param name="protocol">How to cut.</param>
    /// <param name="source">The text's name, for messages.</param>
    /// <exception cref="NasClusterException">
    /// The text is shorter than a window (where documents are kept apart: has no token to score), or the tokenizer has no beginning mark where one is asked for.
    /// </exception>
    public static TextSet Create(string text, ITokenizer tokenizer, WindowProtocol protocol, string source)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(protocol.Window, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(protocol.Stride, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(protocol.Stride, protocol.Window);
        if (protocol.FirstToken == FirstTokenRule.Bos && tokenizer.BeginningOfSequence is null)
        {
            throw new NasClusterException("data.first_token is bos, but the tokenizer has no beginning mark; set it to skip.");
        }

        if (protocol.Documents == DocumentRule.Apart)
        {
            var requests = CutApart(TextParts.Documents(text, protocol.Separator, source), tokenizer, protocol);
            return requests.IsEmpty
                ? throw new NasClusterException($"{source} has no document with a token to score.")
                : new TextSet(protocol, requests, tokenizer.Fingerprint);
        }

        var tokens = Encode(text, tokenizer, protocol);
        return tokens.Length < protocol.Content
            ? throw new NasClusterException(
                $"{source} has {tokens.Length} tokens; it must have at least {protocol.Content} to fill a window of {protocol.Window}.")
            : new TextSet(protocol, SlidingWindows.Cut(tokens, protocol, tokenizer.BeginningOfSequence), tokenizer.Fingerprint);
    }

    /// <summary>Cuts token ids into windows; there may be fewer of them than fill a window.</summary>
    /// <param name="ids">The ids, without the beginning mark that the protocol puts before each window.</param>
    /// <param name="protocol">How to cut.</param>
    /// <param name="tokenizer">What made the ids, and has the beginning mark; null when the ids are taken as they are.</param>
    /// <param name="source">Where the ids are from, for messages.</param>
    /// <exception cref="NasClusterException">There is nothing to score, or no beginning mark where one is asked for.</exception>
    public static TextSet OfIds(IReadOnlyList<int> ids, WindowProtocol protocol, ITokenizer? tokenizer, string source)
    {
        var mark = protocol.FirstToken == FirstTokenRule.Bos
            ? tokenizer?.BeginningOfSequence ?? throw new NasClusterException($"{source}: the tokenizer has no beginning mark to put before each window.")
            : (int?)null;
        var least = mark is null ? 2 : 1;
        return ids.Count < least
            ? throw new NasClusterException($"{source} has {ids.Count} tokens; it must have at least {least} for one to be scored.")
            : new TextSet(protocol, SlidingWindows.Cut([.. ids], protocol, mark), tokenizer?.Fingerprint ?? "");
    }

    /// <summary>A set as it was made before, for those who read what was written of one.</summary>
    internal static TextSet Restore(WindowProtocol protocol, ImmutableArray<ScoringRequest> requests, string tokenizerFingerprint) =>
        new(protocol, requests, tokenizerFingerprint);

    /// <summary>What a sub-network's likelihoods of this set amount to.</summary>
    /// <param name="likelihoods">One per request, in order.</param>
    /// <exception cref="NasClusterException">A likelihood is not a finite number.</exception>
    public TextScore Score(ReadOnlySpan<LogLikelihood> likelihoods)
    {
        return Score(Requests.AsSpan(), likelihoods);
    }

    /// <summary>What a sub-network's likelihoods of some windows amount to.</summary>
    /// <param name="requests">The windows.</param>
    /// <param name="likelihoods">One per window, in their order.</param>
    /// <exception cref="NasClusterException">A likelihood is not a finite number.</exception>
    internal static TextScore Score(ReadOnlySpan<ScoringRequest> requests, ReadOnlySpan<LogLikelihood> likelihoods)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(likelihoods.Length, requests.Length);
        double sum = 0;
        var scored = 0;
        foreach (var request in requests)
        {
            scored += request.ScoredCount;
        }

        var perToken = new float[scored];
        var next = 0;
        for (var i = 0; i < likelihoods.Length; i++)
        {
            if (!double.IsFinite(likelihoods[i].Sum))
            {
                throw new NasClusterException($"The log-likelihood of window {i} of the text is {likelihoods[i].Sum}; it must be finite.");
            }

            sum += likelihoods[i].Sum;
            likelihoods[i].PerToken.AsSpan().CopyTo(perToken.AsSpan(next));
            next += requests[i].ScoredCount;
        }

        return TextScore.Of(sum, perToken);
    }

    private static ImmutableArray<ScoringRequest> CutApart(string[] documents, ITokenizer tokenizer, WindowProtocol protocol)
    {
        var requests = ImmutableArray.CreateBuilder<ScoringRequest>();
        var left = protocol.MaximumScored;
        foreach (var document in documents)
        {
            if (left <= 0)
            {
                break;
            }

            foreach (var request in SlidingWindows.Cut(tokenizer.Encode(document), protocol with { MaximumScored = left }, tokenizer.BeginningOfSequence))
            {
                requests.Add(request);
                left -= request.ScoredCount;
            }
        }

        return requests.ToImmutable();
    }

    // Tokenising megabytes for a few thousand tokens would dominate small runs, so only as much as can be needed is encoded.
    private static int[] Encode(string text, ITokenizer tokenizer, WindowProtocol protocol)
    {
        if (protocol.MaximumScored is not { } scored)
        {
            return tokenizer.Encode(text);
        }

        // Non-overlapping windows without a mark leave one token in each unscored; half of a window is the worst case.
        var needed = (2L * scored) + protocol.Window;
        for (var length = needed * CharactersPerToken; length < text.Length; length *= 2)
        {
            var end = text.IndexOf('\n', (int)length);
            if (end < 0)
            {
                break;
            }

            var tokens = tokenizer.Encode(text[..end]);
            if (tokens.Length >= needed)
            {
                return tokens;
            }
        }

        return tokenizer.Encode(text);
    }
}
