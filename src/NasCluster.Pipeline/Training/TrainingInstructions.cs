using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
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
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        var sequences = ImmutableArray.CreateBuilder<ScoringRequest>(rows.Length);
        var truncated = 0;
        foreach (var row in rows)
        {
            sequences.Add(Encode(row, tokenizer, context, out var isTruncated));
            truncated += isTruncated ? 1 : 0;
        }

        var all = sequences.ToImmutable();
        return new TrainingSet(source, all, RequestFingerprint.Of("training", all), truncated);
    }

    private static ScoringRequest Encode(InstructionRow row, ITokenizer tokenizer, int context, out bool isTruncated)
    {
        ReadOnlySpan<int> text = tokenizer.Encode(row.Prompt + row.Output);

        // Where a piece spans the border, the ids part before the prompt's own end.
        var border = text.CommonPrefixLength(tokenizer.Encode(row.Prompt));
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
