using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using NasCluster.Evaluation.Tasks.Files;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tasks.Definitions;

/// <summary>HellaSwag (Zellers et al. 2019, arXiv 1905.07830): which of four endings goes on with what someone is doing.</summary>
internal sealed partial class HellaSwagTask : TaskDefinition
{
    public override string Name => "hellaswag";

    public override ImmutableArray<string> Metrics => [TaskMetrics.Accuracy, TaskMetrics.NormalisedAccuracy, TaskMetrics.ByteNormalisedAccuracy];

    public override string Layout => "one JSON object a line with activity_label, ctx_a, ctx_b, endings and label";

    public override ImmutableArray<TaskDocument> Read(string path, TaskSplit split, ICollection<string> warnings)
    {
        var file = File.Exists(path)
            ? path
            : new TaskDirectory(path, "hellaswag").Find(Part(split), split == TaskSplit.Train ? "hellaswag_train.jsonl" : "hellaswag_val.jsonl");
        return Parse(new(TextFile.Read(file), file), warnings);
    }

    internal static ImmutableArray<TaskDocument> Parse(NamedText file, ICollection<string> warnings)
    {
        var shortened = 0;
        var documents = JsonLines.Read(file, (row, place, _) =>
        {
            // A shortened release has the context in one piece and no activity. Better read, with a warning, than not at all.
            var isShortened = !row.Has("activity_label") && !row.Has("ctx_a") && row.Has("ctx");
            shortened += isShortened ? 1 : 0;
            var query = isShortened
                ? place.Text(row, "", "ctx")
                : $"{place.AnyText(row, "activity_label")}: {place.AnyText(row, "ctx_a")} {PythonText.Capitalise(place.AnyText(row, "ctx_b"))}";
            return Document(row, place, query);
        });
        if (shortened > 0)
        {
            warnings.Add(
                $"{file.Source}: {shortened} rows have ctx instead of activity_label, ctx_a and ctx_b; their prompts lack the activity, so the figures are not comparable with the harness's.");
        }

        return documents;
    }

    /// <summary>The text without the marks that the how-to articles among the sources left in it.</summary>
    internal static string CleanUp(string text) => Bracketed()
        .Replace(PythonText.Trim(text).Replace(" [title]", ". ", StringComparison.Ordinal), "")
        .Replace("  ", " ", StringComparison.Ordinal);

    private static TaskDocument Document(JsonElement row, JsonRow place, string query)
    {
        var endings = place.Texts(row, "", "endings", 2);

        // An ending that was nothing but marks stays, without any length: it is then never the likeliest by length, there as here.
        return TaskDocument.OfChoices(place.Place, CleanUp(query), [.. endings.Select(CleanUp)], place.Label(row, "label", 0, endings.Length - 1));
    }

    [GeneratedRegex(@"\[[^\n]*?\]")]
    private static partial Regex Bracketed();
}
