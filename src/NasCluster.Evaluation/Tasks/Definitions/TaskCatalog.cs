using System.Collections.Immutable;
using NasCluster.Core;

namespace NasCluster.Evaluation.Tasks.Definitions;

/// <summary>The tasks there are, by name.</summary>
public static class TaskCatalog
{
    private static readonly ImmutableArray<TaskDefinition> All = [new ArcTask("arc_easy", "ARC-Easy"), new ArcTask("arc_challenge", "ARC-Challenge")];

    /// <summary>Their names, in alphabetical order.</summary>
    public static ImmutableArray<string> Names { get; } = [.. All.Select(t => t.Name).Order(StringComparer.Ordinal)];

    /// <summary>The task of a name; null when there is none.</summary>
    public static TaskDefinition? Find(string name) => All.FirstOrDefault(t => t.Name == name);

    /// <summary>The tasks that a name stands for: one, or the subjects of a group.</summary>
    /// <param name="name">A task's or a group's name.</param>
    /// <param name="path">Where the files lie; of a group, the subjects that are there are meant.</param>
    /// <exception cref="NasClusterException">There is no such task.</exception>
    internal static ImmutableArray<TaskDefinition> Resolve(string name, string path) =>
        Find(name) is { } task ? [task] : throw new NasClusterException($"There is no task '{name}'; there are {string.Join(", ", Names)}.");
}
