using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tasks.Scoring;

namespace NasCluster.Evaluation.Tasks.Loading;

/// <summary>A harness task cut into the documents a search may see and those kept apart to report on, each subject by itself.</summary>
internal static class HarnessTaskParts
{
    /// <summary>Reads both parts.</summary>
    /// <param name="task">The task, as the specification has it.</param>
    /// <param name="data">How data are parted.</param>
    /// <param name="path">Where the task's files lie.</param>
    /// <param name="tokenizer">Makes the ids.</param>
    /// <param name="window">Most tokens the network reads at once, where the specification says so.</param>
    /// <param name="positions">Most tokens the network can read at once.</param>
    /// <exception cref="NasClusterException">A file cannot be used, or has too few documents to part.</exception>
    internal static (NamedTask Search, NamedTask? Report) Load(TaskSpec task, DataSpec data, string path, ITokenizer tokenizer, int window, int positions)
    {
        var useMark = data.FirstToken == FirstTokenRule.Bos;
        if (useMark && tokenizer.BeginningOfSequence is null)
        {
            throw new NasClusterException("data.first_token is bos, but the tokenizer has no beginning mark; set it to skip.");
        }

        // Prompts with examples are long: without a window of its own, a task has all the positions there are.
        var longest = data.Window is null ? positions : window;
        var encoder = new PassageEncoder(tokenizer, longest, useMark);
        var request = new TaskRequest(task.Task!, path) { Shots = task.Shots, Limit = task.Limit };
        var search = ImmutableArray.CreateBuilder<TaskSet>();
        var report = ImmutableArray.CreateBuilder<TaskSet>();
        foreach (var (definition, documents, warnings) in TaskLoader.Prepare(request))
        {
            if (task.Shots > 0 && data.SearchShare < 1 && definition.ExampleSplit == definition.Evaluated)
            {
                throw new NasClusterException(
                    $"data.tasks.{task.Name}.shots is {task.Shots}, but {definition.Name} draws its examples from the documents it is evaluated on: the search would see "
                    + "documents kept for the report, with their answers. It must be 0 (or data.search_share 1).");
            }

            var count = EvaluationData.CountForSearch(documents.Length, data.SearchShare, task);
            search.Add(Create(documents[..count], data.SearchQuestions));
            if (count < documents.Length)
            {
                report.Add(Create(documents[count..], data.ReportQuestions));
            }

            TaskSet Create(ImmutableArray<TaskDocument> part, int? most) =>
                TaskSet.Create(definition.Name, definition.Metrics, [.. part.Take(most ?? part.Length)], encoder, warnings);
        }

        return (new(task.Name, request.Task, search.ToImmutable()), report.Count == 0 ? null : new(task.Name, request.Task, report.ToImmutable()));
    }
}
