using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Tasks;

/// <summary>Turns a context and its continuation into a sequence whose continuation is scored.</summary>
/// <remarks>
/// As the common evaluation harness has it: spaces at the end of the context belong to the continuation; the two are encoded as
/// one text and divided where the context alone would end, so that the continuation gets the ids it has in running text.
/// A sequence longer than the window loses tokens from the left of the context; the beginning mark stays.
/// </remarks>
/// <param name="tokenizer">Makes the ids.</param>
/// <param name="window">Longest sequence in tokens, the mark included.</param>
/// <param name="beginningOfSequence">The mark put first; null for none.</param>
internal sealed class ChoiceEncoder(ITokenizer tokenizer, int window, int? beginningOfSequence)
{
    /// <summary>The request of a continuation, and whether its context lost its beginning.</summary>
    /// <exception cref="NasClusterException">The continuation alone does not fit the window.</exception>
    internal (ScoringRequest Request, bool IsTruncated) Encode(string context, string continuation, string what)
    {
        var trimmed = context.TrimEnd(' ');
        var whole = tokenizer.Encode(trimmed + context[trimmed.Length..] + continuation);

        // A merge across the border could leave the continuation no token of its own; it keeps at least the last.
        var contextLength = Math.Min(tokenizer.Encode(trimmed).Length, whole.Length - 1);
        var marks = beginningOfSequence is null ? 0 : 1;
        var scored = whole.Length - contextLength;

        // Something must stand before the first scored token: the mark, or a token of the context.
        var room = window - scored - marks;
        if (room < 1 - marks)
        {
            throw new NasClusterException($"{what} has {scored} tokens; a window of {window} leaves room for {window - 1}.");
        }

        var kept = whole.AsSpan(Math.Max(0, contextLength - room));
        ImmutableArray<int> tokens = beginningOfSequence is { } mark ? [mark, .. kept] : [.. kept];
        return tokens.Length == scored
            ? throw new NasClusterException($"{what} has nothing before it; without a beginning mark it cannot be scored.")
            : (new ScoringRequest(tokens, tokens.Length - scored), kept.Length < whole.Length);
    }
}
