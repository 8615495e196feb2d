using System.Collections.Immutable;
using System.Text.Json;
using NasCluster.Evaluation.Tasks.Files;
using NasCluster.Evaluation.Tasks.Markings;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tasks.Definitions;

/// <summary>WinoGrande (Sakaguchi et al. 2019, arXiv 1907.10641): which of two names fills the gap of a sentence.</summary>
/// <remarks>Partial scoring: the contexts are the sentence up to and with either name, and what is scored is the same rest of the sentence.</remarks>
internal sealed class WinoGrandeTask : TaskDefinition
{
    public override string Name => "winogrande";

    public override string Layout => "one JSON object a line with sentence, which has one gap _, option1, option2 and answer, 1 or 2, unless a file of labels has it";

    public override ImmutableArray<TaskDocument> Read(string path, TaskSplit split, ICollection<string> warnings)
    {
        var stem = split == TaskSplit.Train ? "train_xl" : "dev";
        var file = File.Exists(path) ? path : new TaskDirectory(path, "winogrande", "winogrande_1.1").Find(Part(split), $"{stem}.jsonl");
        return Parse(new(TextFile.Read(file), file), LabelFile.Beside(file, isNamed: File.Exists(path)));
    }

    internal static ImmutableArray<TaskDocument> Parse(NamedText file, NamedText? labelFile)
    {
        var labels = labelFile is { } text ? LabelFile.Parse(text, 1, 2) : default;
        return JsonLines.Read(file, (row, place, index) => Document(row, place, LabelFile.LabelOf(
            row.TryGetProperty("answer", out var answer) && answer.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
                && !(answer.ValueKind == JsonValueKind.String && answer.GetString() == "") ? place.Label(row, "answer", 1, 2) : null, labels, index, place)));
    }

    private static TaskDocument Document(JsonElement row, JsonRow place, int answer)
    {
        var sentence = place.Text(row, "", "sentence");
        string[] options = [place.Text(row, "", "option1"), place.Text(row, "", "option2")];
        var gap = sentence.IndexOf('_', StringComparison.Ordinal);
        if (gap < 0)
        {
            throw place.Failure("sentence has no gap; it must have a _ where one of the options belongs.");
        }

        var rest = PythonText.Trim(sentence[(gap + 1)..]);
        if (rest.Length == 0)
        {
            throw place.Failure("sentence ends with its gap; what is scored is what comes after it.");
        }

        string[] beginnings = [.. options.Select(o => sentence[..gap] + o)];
        return new(place.Place, [.. beginnings.Select(b => new TaskPassage(b, " " + rest))], RightChoice.Of(answer - 1, beginnings))
        {
            Example = $"{beginnings[answer - 1]} {rest}",
        };
    }
}
