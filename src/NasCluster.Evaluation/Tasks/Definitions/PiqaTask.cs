using System.Collections.Immutable;
using NasCluster.Evaluation.Tasks.Files;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tasks.Definitions;

/// <summary>PIQA (Bisk et al. 2019, arXiv 1911.11641): which of two ways reaches an everyday goal.</summary>
internal sealed class PiqaTask : TaskDefinition
{
    public override string Name => "piqa";

    public override ImmutableArray<string> Metrics => [TaskMetrics.Accuracy, TaskMetrics.NormalisedAccuracy, TaskMetrics.ByteNormalisedAccuracy];

    public override string Layout => "one JSON object a line with goal, sol1, sol2, and label, 0 or 1, unless a file of labels has it";

    public override ImmutableArray<TaskDocument> Read(string path, TaskSplit split, ICollection<string> warnings)
    {
        string[] stems = split == TaskSplit.Train ? ["train"] : ["dev", "valid"];
        var file = File.Exists(path) ? path : new TaskDirectory(path, "piqa").Find(Part(split), [.. stems.Select(s => s + ".jsonl")]);
        return Parse(new(TextFile.Read(file), file), LabelFile.Beside(file, isNamed: File.Exists(path)));
    }

    internal static ImmutableArray<TaskDocument> Parse(NamedText file, NamedText? labelFile)
    {
        var labels = labelFile is { } text ? LabelFile.Parse(text, 0, 1) : default;
        return JsonLines.Read(file, (row, place, index) => TaskDocument.OfChoices(
            place.Place,
            $"Question: {place.Text(row, "", "goal")}\nAnswer:",
            [place.Text(row, "", "sol1"), place.Text(row, "", "sol2")],
            LabelFile.LabelOf(row.Has("label") ? place.Label(row, "label", 0, 1) : null, labels, index, place)));
    }
}
