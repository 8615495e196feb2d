using System.Collections.Immutable;
using NasCluster.Evaluation.Tasks.Markings;

namespace NasCluster.Evaluation.Tasks;

/// <summary>One question or text of a task as it is put to a network.</summary>
/// <param name="Place">Its file and line or row, for messages.</param>
/// <param name="Passages">What is scored: the choices, one continuation, or the text.</param>
/// <param name="Marking">How the likelihoods are marked.</param>
public sealed record TaskDocument(string Place, ImmutableArray<TaskPassage> Passages, TaskMarking Marking)
{
    /// <summary>The document as an example that is shown worked out before others, without what parts it from them; empty where it cannot be one.</summary>
    public string Example { get; init; } = "";

    /// <summary>The document with a text before each of its passages.</summary>
    internal TaskDocument After(string text) =>
        text.Length == 0 ? this : this with { Passages = [.. Passages.Select(p => p with { Context = text + p.Context })] };

    /// <summary>A question that goes on, after a blank, with one of several choices.</summary>
    internal static TaskDocument OfChoices(string place, string prompt, ImmutableArray<string> choices, int gold) =>
        new(place, [.. choices.Select(c => new TaskPassage(prompt, " " + c))], RightChoice.Of(gold, choices)) { Example = $"{prompt} {choices[gold]}" };

    /// <summary>Whether two rows say the same, wherever they stand: an example must not give away the answer to the question it stands before.</summary>
    internal bool SaysTheSameAs(TaskDocument other) =>
        Example == other.Example && Marking.Equals(other.Marking) && Passages.AsSpan().SequenceEqual(other.Passages.AsSpan());
}
