using System.Collections.Immutable;
using NasCluster.Evaluation.Tasks.Files;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tasks.Definitions;

/// <summary>ARC's easy or challenge questions (Clark et al. 2018, arXiv 1803.05457): science at school, mostly four choices.</summary>
/// <param name="name">The harness's name.</param>
/// <param name="stem">What the files' names begin with.</param>
internal sealed class ArcTask(string name, string stem) : TaskDefinition
{
    public override string Name => name;

    public override ImmutableArray<string> Metrics => [TaskMetrics.Accuracy, TaskMetrics.NormalisedAccuracy, TaskMetrics.ByteNormalisedAccuracy];

    public override TaskSplit Evaluated => TaskSplit.Test;

    public override string Layout => "one JSON object a line with question.stem, question.choices[{text, label}] and answerKey";

    public override ImmutableArray<TaskDocument> Read(string path, TaskSplit split, ICollection<string> warnings)
    {
        var ending = split switch { TaskSplit.Train => "Train", TaskSplit.Validation => "Dev", _ => "Test" };
        var file = File.Exists(path) ? path : new TaskDirectory(path, "arc", stem).Find(Part(split), $"{stem}-{ending}.jsonl");
        return Parse(new(TextFile.Read(file), file));
    }

    internal static ImmutableArray<TaskDocument> Parse(NamedText file) =>
        [.. ArcFile.Parse(file.Text, file.Source).Select(q => TaskDocument.OfChoices($"{file.Source}({q.Line})", $"Question: {q.Stem}\nAnswer:", q.Choices, q.Answer))];
}
