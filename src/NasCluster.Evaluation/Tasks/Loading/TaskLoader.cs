using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tasks.Definitions;
using NasCluster.Evaluation.Tasks.Markings;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Evaluation.Tasks.Shots;

namespace NasCluster.Evaluation.Tasks.Loading;

/// <summary>Reads tasks from their files and makes token sequences of them.</summary>
public static class TaskLoader
{
    /// <summary>Reads and encodes a task.</summary>
    /// <param name="request">Which task, from where, how much of it.</param>
    /// <param name="tokenizer">Makes the ids.</param>
    /// <param name="window">Most tokens the network reads at once. A sequence may have one more, which is scored and not read; longer ones lose their beginning.</param>
    /// <returns>One set, or one for each subject of a task that has several.</returns>
    /// <exception cref="NasClusterException">There is no such task, a file is missing or breaks a rule, or there are too few examples.</exception>
    public static ImmutableArray<TaskSet> Load(TaskRequest request, ITokenizer tokenizer, int window)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        var encoder = new PassageEncoder(tokenizer, window, request.UseBeginningMark);
        return [.. Prepare(request).Select(p => TaskSet.Create(p.Task.Name, p.Task.Metrics, p.Documents, encoder, p.Warnings))];
    }

    /// <summary>The documents of a task, or of each subject of a group, as they are put to a network, and what was noticed.</summary>
    /// <exception cref="NasClusterException">As <see cref="Load"/>.</exception>
    internal static IEnumerable<(TaskDefinition Task, ImmutableArray<TaskDocument> Documents, ImmutableArray<string> Warnings)> Prepare(TaskRequest request)
    {
        var tasks = TaskCatalog.Resolve(request.Task, request.Path);
        var isGroup = tasks[0].Name != request.Task;
        var missing = isGroup ? TaskGroups.Missing(request.Task, tasks.Select(t => t.Name)) : null;
        for (var i = 0; i < tasks.Length; i++)
        {
            var (documents, warnings) = Prepare(tasks[i], request);
            yield return (tasks[i], documents, missing is null || i > 0 ? warnings : [missing, .. warnings]);
        }
    }

    /// <summary>The documents of a task as they are put to a network, with the examples before them, and what was noticed.</summary>
    /// <exception cref="NasClusterException">As <see cref="Load"/>.</exception>
    internal static (ImmutableArray<TaskDocument> Documents, ImmutableArray<string> Warnings) Prepare(TaskDefinition task, TaskRequest request)
    {
        var warnings = new List<string>();
        var all = task.Read(request.Path, task.Evaluated, warnings);
        var source = Examples(task, request, all, warnings);
        var documents = all.Take(request.Limit ?? all.Length).Select(d => d.After(task.Description + source.Before(d))).ToImmutableArray();
        if (!task.HasFixedGold && documents.Length > 1 && documents.All(d => d.Marking is RightChoice) && documents.DistinctBy(d => ((RightChoice)d.Marking).Gold).Count() == 1)
        {
            warnings.Add($"{task.Name}: the right answer of all {documents.Length} questions is choice {((RightChoice)documents[0].Marking).Gold + 1}; always choosing it would be right.");
        }

        return (documents, [.. warnings]);
    }

    private static ExampleSource Examples(TaskDefinition task, TaskRequest request, ImmutableArray<TaskDocument> evaluated, List<string> warnings)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(request.Shots, nameof(request));
        if (request.Shots == 0)
        {
            return new([], 0, task.ExampleRule, task.DrawsSpareExample, request.Seed);
        }

        var split = task.ExampleSplit ?? throw new NasClusterException($"{task.Name} is defined without examples; it takes 0 shots, not {request.Shots}.");
        var folder = File.Exists(request.Path) ? Path.GetDirectoryName(Path.GetFullPath(request.Path))! : request.Path;
        var examples = split == task.Evaluated ? evaluated : task.Read(folder, split, warnings);
        var needed = ExampleSource.Needed(request.Shots, task.DrawsSpareExample);
        return examples.Length < needed
            ? throw new NasClusterException($"{task.Name} with {request.Shots} shots draws {needed} examples; there are {examples.Length}.")
            : new(examples, request.Shots, task.ExampleRule, task.DrawsSpareExample, request.Seed);
    }
}
