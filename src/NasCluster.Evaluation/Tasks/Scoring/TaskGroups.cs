using System.Collections.Immutable;
using NasCluster.Evaluation.Tasks.Definitions;

namespace NasCluster.Evaluation.Tasks.Scoring;

/// <summary>Scores of groups of tasks from those of their tasks.</summary>
public static class TaskGroups
{
    /// <summary>The groups that some of the tasks belong to: <c>mmlu</c> and its four parts.</summary>
    /// <remarks>
    /// As the evaluation harness has it: the mean of the tasks weighted by their documents, with the root of the tasks' pooled variance by the
    /// number of documents as its standard error.
    /// </remarks>
    /// <param name="scores">The tasks' scores; those that are of no group are left out.</param>
    /// <returns>A score with <c>acc</c> for each group, the whole first; each document's value in the order of the tasks.</returns>
    public static ImmutableArray<TaskScore> Score(IReadOnlyList<TaskScore> scores)
    {
        var groups = ImmutableArray.CreateBuilder<TaskScore>();
        foreach (var group in MmluSubjects.Groups.Select(g => g.Group).Prepend(MmluSubjects.All))
        {
            var members = TaskCatalog.TasksOf(group);
            MetricScore[] found = [.. scores.Where(s => members.Contains(s.Task)).Select(s => s[TaskMetrics.Accuracy])];
            if (found.Length > 0)
            {
                groups.Add(new(group, [Pool(found)]));
            }
        }

        return groups.ToImmutable();
    }

    /// <summary>How many of a group's tasks some scores leave out, as a sentence; null where none.</summary>
    /// <param name="group">The group's name.</param>
    /// <param name="tasks">Names of the tasks that are there.</param>
    public static string? Missing(string group, IEnumerable<string> tasks)
    {
        var members = TaskCatalog.TasksOf(group);
        var found = members.Intersect(tasks, StringComparer.Ordinal).Count();
        return found == members.Length ? null : $"{group}: {found} of its {members.Length} subjects are here; its mean is over those alone.";
    }

    private static MetricScore Pool(MetricScore[] scores)
    {
        int[] sizes = [.. scores.Select(s => s.PerDocument.Length)];
        double[] errors = [.. scores.Select(s => s.StandardError)];
        return MetricScore.Of(TaskMetrics.Accuracy, MetricAggregation.Mean, [.. scores.SelectMany(s => s.PerDocument)]) with
        {
            StandardError = MetricStatistics.Pooled(errors, sizes),
        };
    }
}
