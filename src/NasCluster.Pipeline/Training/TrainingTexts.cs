using System.Collections.Immutable;
using System.Runtime.InteropServices;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Texts;
using NasCluster.Llama.Training;

namespace NasCluster.Pipeline.Training;

/// <summary>Makes training sets of plain text.</summary>
/// <remarks>
/// Every document is encoded on its own, with the tokenizer's beginning mark in front if it has one. Of a sequence, every token after the
/// first is learned; where a sequence is cut, the last token of a piece is the first of the next, so that each is learned once.
/// </remarks>
public static class TrainingTexts
{
    /// <summary>Reads a UTF-8 file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tokenizer">Makes the ids.</param>
    /// <param name="context">The most tokens a sequence learns, and the most it reads; at least 1.</param>
    /// <param name="separator">What stands between two documents; null when the text is one. See <see cref="TextParts.Documents"/>.</param>
    /// <param name="packing">How documents become sequences.</param>
    /// <param name="endMark">Whether the tokenizer's end mark, if it has one, is put behind each document and learned.</param>
    /// <exception cref="NasClusterException">The file cannot be read, is not UTF-8, or has nothing to learn in it.</exception>
    public static TrainingSet Load(string path, ITokenizer tokenizer, int context, string? separator, TextPacking packing, bool endMark = true) =>
        Create(TextFile.Read(path), path, tokenizer, context, separator, packing, endMark);

    /// <summary>Makes a set of a text at hand.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Its name, for messages.</param>
    /// <param name="tokenizer">As in <see cref="Load"/>.</param>
    /// <param name="context">As in <see cref="Load"/>.</param>
    /// <param name="separator">As in <see cref="Load"/>.</param>
    /// <param name="packing">As in <see cref="Load"/>.</param>
    /// <param name="endMark">As in <see cref="Load"/>.</param>
    /// <exception cref="NasClusterException">There is nothing to learn.</exception>
    public static TrainingSet Create(
        string text, string source, ITokenizer tokenizer, int context, string? separator, TextPacking packing, bool endMark = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        if (separator is "")
        {
            throw new ArgumentException("The separator is empty; it must be text, or null when there is none.", nameof(separator));
        }

        var sequences = ImmutableArray.CreateBuilder<ScoringRequest>();
        var tokens = new List<int>();
        foreach (var document in TextParts.Documents(text, separator, source))
        {
            if (tokenizer.BeginningOfSequence is { } beginning)
            {
                tokens.Add(beginning);
            }

            tokens.AddRange(tokenizer.Encode(document));
            if (endMark && tokenizer.EndOfSequence is { } end)
            {
                tokens.Add(end);
            }

            if (packing == TextPacking.Documents)
            {
                Cut(CollectionsMarshal.AsSpan(tokens), context, sequences);
                tokens.Clear();
            }
        }

        Cut(CollectionsMarshal.AsSpan(tokens), context, sequences);
        if (sequences.Count == 0)
        {
            throw new NasClusterException($"{source} has no document of two tokens; the first of a sequence is only read.");
        }

        var all = sequences.ToImmutable();
        return new TrainingSet(source, all, RequestFingerprint.Of("training", all), Truncated: 0);
    }

    private static void Cut(ReadOnlySpan<int> tokens, int context, ImmutableArray<ScoringRequest>.Builder sequences)
    {
        for (var start = 0; start < tokens.Length - 1; start += context)
        {
            // Without the addition, which a context of any size would overflow.
            var rest = tokens[start..];
            sequences.Add(new ScoringRequest([.. rest.Length - 1 <= context ? rest : rest[..(context + 1)]], 1));
        }
    }
}
