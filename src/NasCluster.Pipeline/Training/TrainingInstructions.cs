using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Texts;
using NasCluster.Llama.Training;

namespace NasCluster.Pipeline.Training;

/// <summary>Makes training sets of instructions: prompts are only read, answers are learned.</summary>
/// <remarks>
/// A sequence is the tokenizer's beginning mark, the prompt, the answer and the end mark, each mark if there is one. Prompt and answer are
/// encoded as one text, so that the answer gets the ids it has in running text; every token that holds any of it is learned.
/// </remarks>
public static class TrainingInstructions
{
    /// <summary>Reads a file in Alpaca's layout.</summary>
    /// <param name="path">The file; see <see cref="AlpacaFile"/>.</param>
    /// <param name="tokenizer">Makes the ids.</param>
    /// <param name="context">
    /// The most tokens a sequence reads, so that one more is the longest. A longer one loses tokens from the left of its prompt, the
    /// beginning mark staying; an answer that does not fit alone loses its end. Both are counted as truncated.
    /// </param>
    /// <exception cref="NasClusterException">The file cannot be read or breaks a rule.</exception>
    public static TrainingSet Load(string path, ITokenizer tokenizer, int context) => Create(AlpacaFile.Read(path), path, tokenizer, context);

    /// <summary>Makes a set of rows at hand.</summary>
    /// <param name="rows">At least one.</param>
    /// <param name="source">Where they come from, for messages.</param>
    /// <param name="tokenizer">As in <see cref="Load"/>.</param>
    /// <param name="context">As in <see cref="Load"/>.</param>
    public static TrainingSet Create(ImmutableArray<InstructionRow> rows, string source, ITokenizer tokenizer, int context)
    {
        ArgumentOutOfRangeException.ThrowIfZero(rows.Length, nameof(rows));
        return Create(rows.Select(r => (r.Prompt, r.Output)), source, tokenizer, context);
    }

    /// <summary>Makes a set of a plain text's documents that hold a mark: what stands up to its last place is only read, the rest learned.</summary>
    /// <param name="path">A UTF-8 file.</param>
    /// <param name="separator">What stands between two documents; null when the text is one.</param>
    /// <param name="mark">What stands before an answer, such as <c>Answer:</c>. Documents without it are left out.</param>
    /// <param name="tokenizer">As in <see cref="Load"/>.</param>
    /// <param name="context">As in <see cref="Load"/>.</param>
    /// <exception cref="NasClusterException">The file cannot be read, has nothing behind a mark, or no mark in it.</exception>
    public static TrainingSet LoadMarked(string path, string? separator, string mark, ITokenizer tokenizer, int context) =>
        CreateMarked(TextFile.Read(path), path, separator, mark, tokenizer, context);

    /// <summary>As <see cref="LoadMarked"/>, of a text at hand.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Its name, for messages.</param>
    /// <param name="separator">As in <see cref="LoadMarked"/>.</param>
    /// <param name="mark">As in <see cref="LoadMarked"/>.</param>
    /// <param name="tokenizer">As in <see cref="Load"/>.</param>
    /// <param name="context">As in <see cref="Load"/>.</param>
    /// <exception cref="NasClusterException">Nothing stands behind a mark, or no mark is there.</exception>
    public static TrainingSet CreateMarked(string text, string source, string? separator, string mark, ITokenizer tokenizer, int context)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(mark);
        var pairs = new List<(string Prompt, string Output)>();
        var number = 0;
        foreach (var document in TextParts.Documents(text, separator, source))
        {
            number++;
            if (document.LastIndexOf(mark, StringComparison.Ordinal) is >= 0 and var place)
            {
                var output = document[(place + mark.Length)..];
                pairs.Add(!string.IsNullOrWhiteSpace(output)
                    ? (document[..(place + mark.Length)], output)
                    : throw new NasClusterException($"{source}: document {number} ends with '{mark}'; something to learn must follow it."));
            }
        }

        return pairs.Count == 0
            ? throw new NasClusterException($"{source} has no '{mark}' in any document, so there is nothing to learn.")
            : Create(pairs, source, tokenizer, context);
    }

    private static TrainingSet Create(IEnumerable<(string Prompt, string Output)> pairs, string source, ITokenizer tokenizer, int context)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        var sequences = ImmutableArray.CreateBuilder<ScoringRequest>();
        var truncated = 0;
        foreach (var (prompt, output) in pairs)
        {
            sequences.Add(Encode(prompt, output, tokenizer, context, out var isTruncated));
            truncated += isTruncated ? 1 : 0;
        }

        var all = sequences.ToImmutable();
        return new TrainingSet(source, all, RequestFingerprint.Of("training", all), truncated);
    }

    private static ScoringRequest Encode(string prompt, string output, ITokenizer tokenizer, int context, out bool isTruncated)
    {
        ReadOnlySpan<int> text = tokenizer.Encode(prompt + output);

        // Where a piece spans the border, the ids part before the prompt's own end.
        var border = text.CommonPrefixLength(tokenizer.Encode(prompt));
        int[] marks = tokenizer.BeginningOfSequence is { } beginning ? [beginning] : [];
        int[] end = tokenizer.EndOfSequence is { } id ? [id] : [];
        int[] answer = [.. text[border..], .. end];
        int[] learned = answer.Length <= context ? answer : answer[..context];

        // Something must stand before the first learned token: the mark, or the prompt's last token.
        var room = context + 1L - marks.Length - learned.Length;
        var kept = text[..border][(int)Math.Max(0, border - room)..];
        isTruncated = learned.Length < answer.Length || kept.Length < border;
        return new ScoringRequest([.. marks, .. kept, .. learned], marks.Length + kept.Length);
    }
}
