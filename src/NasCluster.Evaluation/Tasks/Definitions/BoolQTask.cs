using System.Collections.Immutable;
using System.Text.Json;
using NasCluster.Evaluation.Tasks.Files;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tasks.Definitions;

/// <summary>BoolQ (Clark et al. 2019, arXiv 1905.10044): a passage and a question to answer with yes or no.</summary>
/// <remarks>
/// The harness takes it from SuperGLUE, whose passages begin with the page's title and <c> -- </c>. In the layout of its authors the title
/// stands apart (and the label is called <c>answer</c>): there, it is put in front.
/// </remarks>
internal sealed class BoolQTask : TaskDefinition
{
    public override string Name => "boolq";

    public override string Layout => "one JSON object a line with question, passage and label (SuperGLUE), or question, title, passage and answer";

    public override ImmutableArray<TaskDocument> Read(string path, TaskSplit split, ICollection<string> warnings)
    {
        string[] names = split == TaskSplit.Train ? ["train.jsonl"] : ["val.jsonl", "dev.jsonl"];
        var file = File.Exists(path) ? path : new TaskDirectory(path, "boolq", "BoolQ").Find(Part(split), names);
        return Parse(new(TextFile.Read(file), file));
    }

    internal static ImmutableArray<TaskDocument> Parse(NamedText file) => JsonLines.Read(file, (row, place, _) =>
    {
        var isSuperGlue = row.Has("label");
        var passage = place.Text(row, "", "passage");
        var text = isSuperGlue ? passage : $"{place.Text(row, "", "title")} -- {passage}";
        return TaskDocument.OfChoices(place.Place, $"{text}\nQuestion: {place.Text(row, "", "question")}?\nAnswer:", ["no", "yes"], Label(row, place, isSuperGlue ? "label" : "answer"));
    });

    private static int Label(JsonElement row, JsonRow place, string name) => row.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? value.GetBoolean() ? 1 : 0
        : place.Label(row, name, 0, 1);
}
