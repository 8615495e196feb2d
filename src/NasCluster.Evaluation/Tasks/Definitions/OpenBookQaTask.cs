using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Evaluation.Tasks.Files;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tasks.Definitions;

/// <summary>OpenBookQA (Mihaylov et al. 2018, arXiv 1809.02789): elementary science; the question runs on into its four choices.</summary>
internal sealed class OpenBookQaTask : TaskDefinition
{
    private const int Columns = 5;
    private const string Letters = "ABCD";

    public override string Name => "openbookqa";

    public override ImmutableArray<string> Metrics => [TaskMetrics.Accuracy, TaskMetrics.NormalisedAccuracy, TaskMetrics.ByteNormalisedAccuracy];

    public override TaskSplit Evaluated => TaskSplit.Test;

    public override string Layout => "ARC's JSON lines, or tab-separated values with a header: ID, Question Stem, Choices, Complete Question, Answer Key";

    public override ImmutableArray<TaskDocument> Read(string path, TaskSplit split, ICollection<string> warnings)
    {
        var stem = split switch { TaskSplit.Train => "train", TaskSplit.Validation => "dev", _ => "test" };
        var file = File.Exists(path)
            ? path
            : new TaskDirectory(path, "openbookqa", Path.Combine("openbookqa", "Data", "Main"), "Main").Find(Part(split), $"{stem}.jsonl", $"Main_{stem}.tsv", $"{stem}.tsv");
        return Parse(new(TextFile.Read(file), file));
    }

    internal static ImmutableArray<TaskDocument> Parse(NamedText file) => file.Text.AsSpan().TrimStart().StartsWith("{")
        ? [.. ArcFile.Parse(file.Text, file.Source).Select(q => TaskDocument.OfChoices($"{file.Source}({q.Line})", q.Stem, q.Choices, q.Answer))]
        : ParseTabbed(file);

    private static ImmutableArray<TaskDocument> ParseTabbed(NamedText file)
    {
        var documents = ImmutableArray.CreateBuilder<TaskDocument>();
        var lines = file.Text.Split('\n');
        if (lines[0].TrimEnd('\r').Split('\t') is not ["ID", "Question Stem", "Choices", "Complete Question", "Answer Key"])
        {
            throw new NasClusterException($"{file.Source}(1): the header must be ID, Question Stem, Choices, Complete Question, Answer Key, with tabs between.");
        }

        for (var i = 1; i < lines.Length; i++)
        {
            var row = lines[i].TrimEnd('\r');
            if (row.Length > 0)
            {
                documents.Add(Document(row.Split('\t'), new JsonRow($"{file.Source}({i + 1})")));
            }
        }

        return documents.Count == 0 ? throw new NasClusterException($"{file.Source} has no rows.") : documents.ToImmutable();
    }

    private static TaskDocument Document(string[] fields, JsonRow place)
    {
        if (fields.Length != Columns)
        {
            throw place.Failure($"the row has {fields.Length} fields with tabs between; it must have {Columns}.");
        }

        var answer = Letters.IndexOf(fields[4].Trim(), StringComparison.Ordinal);
        return fields[4].Trim().Length != 1 || answer < 0
            ? throw place.Failure($"Answer Key is '{fields[4]}'; it must be A, B, C or D.")
            : string.IsNullOrWhiteSpace(fields[1])
            ? throw place.Failure("Question Stem is empty; it must hold text.")
            : TaskDocument.OfChoices(place.Place, fields[1], Choices(fields[2], place), answer);
    }

    // A choice's text could hold a letter in brackets itself: each mark is looked for after the one before it, and must be there once.
    private static ImmutableArray<string> Choices(string field, JsonRow place)
    {
        var choices = ImmutableArray.CreateBuilder<string>(Letters.Length);
        var rest = field;
        for (var i = 0; i < Letters.Length; i++)
        {
            var mark = $"({Letters[i]}) ";
            if (!rest.StartsWith(mark, StringComparison.Ordinal))
            {
                throw place.Failure($"Choices must be (A) and a text, (B) and a text, and so on to (D), with blanks between; there is no {mark}where it should be.");
            }

            rest = rest[mark.Length..];
            var next = i + 1 < Letters.Length ? rest.IndexOf($" ({Letters[i + 1]}) ", StringComparison.Ordinal) : rest.Length;
            if (next <= 0 || string.IsNullOrWhiteSpace(rest[..next]) || (i + 1 < Letters.Length && rest.IndexOf($" ({Letters[i + 1]}) ", next + 1, StringComparison.Ordinal) >= 0))
            {
                throw place.Failure($"Choices: it cannot be told where choice {Letters[i]} ends; the next mark must stand behind it, once.");
            }

            choices.Add(rest[..next]);
            rest = i + 1 < Letters.Length ? rest[(next + 1)..] : "";
        }

        return choices.MoveToImmutable();
    }
}
