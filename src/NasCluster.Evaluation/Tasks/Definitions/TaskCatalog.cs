using System.Collections.Immutable;
using NasCluster.Core;

namespace NasCluster.Evaluation.Tasks.Definitions;

/// <summary>The tasks there are, by name.</summary>
public static class TaskCatalog
{
    private static readonly ImmutableArray<TaskDefinition> Single =
    [
        new ArcTask("arc_easy", "ARC-Easy"),
        new ArcTask("arc_challenge", "ARC-Challenge"),
        new BoolQTask(),
        new HellaSwagTask(),
        new LambadaTask(),
        new OpenBookQaTask(),
        new PiqaTask(),
        new TruthfulQaTask("truthfulqa_mc1", "mc1_targets", hasManyTrue: false),
        new TruthfulQaTask("truthfulqa_mc2", "mc2_targets", hasManyTrue: true),
        new WinoGrandeTask(),
        new WikitextTask(),
        new PlainTextTask("ptb", "ptb.test.txt"),
        new PlainTextTask("text"),
    ];

    private static readonly ImmutableArray<MmluTask> Subjects = [.. MmluSubjects.Groups.SelectMany(g => g.Subjects).Select(s => new MmluTask(s))];

    /// <summary>Their names, in alphabetical order: tasks, groups of tasks, and the tasks of groups.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        .. Single.Concat(Subjects).Select(t => t.Name).Concat(MmluSubjects.Groups.Select(g => g.Group)).Append(MmluSubjects.All).Order(StringComparer.Ordinal),
    ];

    /// <summary>The task of a name; null when there is none, or when the name is a group's.</summary>
    public static TaskDefinition? Find(string name) => Single.Concat(Subjects).FirstOrDefault(t => t.Name == name);

    /// <summary>The names of the tasks in a group; empty where the name is no group's.</summary>
    public static ImmutableArray<string> TasksOf(string group) =>
    [
        .. MmluSubjects.Groups.Where(g => group == MmluSubjects.All || group == g.Group).SelectMany(g => g.Subjects).Select(s => new MmluTask(s).Name),
    ];

    /// <summary>The tasks that a name stands for: one, or those of a group whose files are there.</summary>
    /// <param name="name">A task's or a group's name.</param>
    /// <param name="path">Where the files lie.</param>
    /// <exception cref="NasClusterException">There is no such task, or no file of a group.</exception>
    internal static ImmutableArray<TaskDefinition> Resolve(string name, string path)
    {
        if (Find(name) is { } task)
        {
            return [task];
        }

        var members = TasksOf(name);
        if (members.IsEmpty)
        {
            throw new NasClusterException($"There is no task '{name}'; there are {string.Join(", ", Names.Where(n => !IsSubject(n)))} and mmlu_ with one of its subjects.");
        }

        ImmutableArray<TaskDefinition> found = [.. Subjects.Where(s => members.Contains(s.Name) && s.IsIn(path))];
        return found.IsEmpty
            ? throw new NasClusterException($"{path} has no subject of {name}; there must be a folder test with files such as abstract_algebra_test.csv ({new MmluTask("abstract_algebra").Layout}).")
            : found;
    }

    private static bool IsSubject(string name) => Subjects.Any(s => s.Name == name);
}
