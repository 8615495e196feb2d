using System.Collections.Immutable;
using NasCluster.Core.Search;

namespace NasCluster.Core.Evaluation;

/// <summary>What the tasks of the common evaluation harness are marked by, as far as it decides which objectives they give.</summary>
public static class HarnessTasks
{
    private const string GroupName = "mmlu";

    private static readonly ImmutableArray<(string, string, ObjectiveDirection)> Accuracy = [("", "acc", ObjectiveDirection.Maximise)];

    private static readonly ImmutableArray<(string, string, ObjectiveDirection)> Accuracies =
        [.. Accuracy, (ObjectiveCatalog.NormalisedSuffix, "acc_norm", ObjectiveDirection.Maximise)];

    private static readonly ImmutableArray<(string, string, ObjectiveDirection)> LastWord =
        [.. Accuracy, ("_perplexity", "perplexity", ObjectiveDirection.Minimise)];

    private static readonly ImmutableArray<(string, string, ObjectiveDirection)> Text =
    [
        ("", "word_perplexity", ObjectiveDirection.Minimise),
        ("_byte_perplexity", "byte_perplexity", ObjectiveDirection.Minimise),
        ("_bits_per_byte", "bits_per_byte", ObjectiveDirection.Minimise),
        ("_token_perplexity", "token_perplexity", ObjectiveDirection.Minimise),
    ];

    private static readonly ImmutableSortedDictionary<string, ImmutableArray<(string, string, ObjectiveDirection)>> ByName =
        new Dictionary<string, ImmutableArray<(string, string, ObjectiveDirection)>>(StringComparer.Ordinal)
        {
            ["arc_easy"] = Accuracies,
            ["arc_challenge"] = Accuracies,
            ["hellaswag"] = Accuracies,
            ["openbookqa"] = Accuracies,
            ["piqa"] = Accuracies,
            ["boolq"] = Accuracy,
            ["winogrande"] = Accuracy,
            ["truthfulqa_mc1"] = Accuracy,
            ["truthfulqa_mc2"] = Accuracy,
            [GroupName] = Accuracy,
            ["lambada_openai"] = LastWord,
            ["wikitext"] = Text,
            ["ptb"] = Text,
            ["text"] = Text,
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Names of tasks, for messages; <c>mmlu</c> also goes on with a group or a subject, as in <c>mmlu_stem</c>.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>A task's metrics: what an objective's name adds to the task's, the metric's name in the harness, and which way it is better. Empty where there is no such task.</summary>
    /// <param name="task">The harness's name for it.</param>
    public static ImmutableArray<(string Suffix, string Metric, ObjectiveDirection Direction)> MetricsOf(string task) =>
        ByName.TryGetValue(task, out var metrics) ? metrics
        : task.StartsWith(GroupName + "_", StringComparison.Ordinal) ? Accuracy
        : [];
}
