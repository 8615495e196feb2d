using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Evaluation.Tasks.Files;
using NasCluster.Evaluation.Tasks.Shots;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tasks.Definitions;

/// <summary>One subject of MMLU (Hendrycks et al. 2020, arXiv 2009.03300): four choices in the prompt, of which the letter is scored.</summary>
/// <param name="subject">The subject, such as <c>abstract_algebra</c>.</param>
internal sealed class MmluTask(string subject) : TaskDefinition
{
    private const int Columns = 6;
    private const string Letters = "ABCD";

    public override string Name => $"mmlu_{subject}";

    public override TaskSplit Evaluated => TaskSplit.Test;

    /// <summary>Five questions of each subject, which MMLU's authors call dev and set apart for this.</summary>
    public override TaskSplit? ExampleSplit => TaskSplit.Train;

    public override ExampleRule ExampleRule => ExampleRule.First;

    public override string Description => $"The following are multiple choice questions (with answers) about {subject.Replace('_', ' ')}.\n\n";

    public override string Layout => "comma-separated values without a header: question, A, B, C, D, and the letter that is right";

    public override ImmutableArray<TaskDocument> Read(string path, TaskSplit split, ICollection<string> warnings)
    {
        var file = File.Exists(path) ? path : new TaskDirectory(path, "mmlu", "data").Find(Part(split), NameOf(split));
        return Parse(new(TextFile.Read(file), file));
    }

    /// <summary>Whether the subject's questions lie in a folder.</summary>
    internal bool IsIn(string path) => new TaskDirectory(path, "mmlu", "data").TryFind(NameOf(TaskSplit.Test)) is not null;

    internal static ImmutableArray<TaskDocument> Parse(NamedText file)
    {
        var rows = CommaRows.Parse(file);
        return rows.IsEmpty ? throw new NasClusterException($"{file.Source} has no rows.") : [.. rows.Select(r => Document(r.Fields, new JsonRow($"{file.Source}({r.Line})")))];
    }

    private string NameOf(TaskSplit split)
    {
        var part = split switch { TaskSplit.Train => "dev", TaskSplit.Validation => "val", _ => "test" };
        return Path.Combine(part, $"{subject}_{part}.csv");
    }

    private static TaskDocument Document(ImmutableArray<string> fields, JsonRow place)
    {
        if (fields.Length != Columns)
        {
            throw place.Failure($"the row has {fields.Length} fields; it must have {Columns}: question, A, B, C, D, and the letter that is right.");
        }

        var answer = fields[5].Length == 1 ? Letters.IndexOf(fields[5][0], StringComparison.Ordinal) : -1;
        if (answer < 0)
        {
            throw place.Failure($"the answer is '{fields[5]}'; it must be A, B, C or D.");
        }

        var choices = string.Concat(Letters.Select((letter, i) => $"\n{letter}. {fields[i + 1]}"));
        return TaskDocument.OfChoices(place.Place, $"{PythonText.Trim(fields[0])}{choices}\nAnswer:", [.. Letters.Select(l => l.ToString())], answer);
    }
}
