using System.Collections.Immutable;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;

namespace NasCluster.Core.Evaluation;

/// <summary>The objectives there are: the built-in ones, and for each multiple-choice task two accuracies.</summary>
public static class ObjectiveCatalog
{
    /// <summary>exp(-mean log-likelihood) of the text's scored tokens.</summary>
    public static Objective Perplexity { get; } = new("perplexity", ObjectiveDirection.Minimise, ObjectiveKind.Scored);

    /// <summary>Mean log-likelihood of the text's scored tokens, in nats per token.</summary>
    public static Objective LogLikelihood { get; } = new("log_likelihood", ObjectiveDirection.Maximise, ObjectiveKind.Scored);

    /// <summary>Weights of the whole sub-network.</summary>
    public static Objective Parameters { get; } = new("parameters", ObjectiveDirection.Minimise, ObjectiveKind.Analytic);

    /// <summary>Weights of its layers: without embedding, last norm and head.</summary>
    public static Objective BlockParameters { get; } = new("block_parameters", ObjectiveDirection.Minimise, ObjectiveKind.Analytic);

    /// <summary>Bytes its weights take.</summary>
    public static Objective MemoryBytes { get; } = new("memory_bytes", ObjectiveDirection.Minimise, ObjectiveKind.Analytic);

    /// <summary>Multiply-accumulate operations for one token.</summary>
    public static Objective MacsPerToken { get; } = new("macs_per_token", ObjectiveDirection.Minimise, ObjectiveKind.Analytic);

    /// <summary>Bytes of the keys and values that it keeps while it decodes.</summary>
    public static Objective KvCacheBytes { get; } = new("kv_cache_bytes", ObjectiveDirection.Minimise, ObjectiveKind.Analytic);

    /// <summary>Milliseconds to score a batch.</summary>
    public static Objective LatencyMs { get; } = new("latency_ms", ObjectiveDirection.Minimise, ObjectiveKind.Measured);

    /// <summary>Tokens scored per second.</summary>
    public static Objective TokensPerSecond { get; } = new("tokens_per_second", ObjectiveDirection.Maximise, ObjectiveKind.Measured);

    /// <summary>Milliseconds to read a batch of prompts at once.</summary>
    public static Objective PrefillMs { get; } = new("prefill_ms", ObjectiveDirection.Minimise, ObjectiveKind.Measured);

    /// <summary>Tokens of prompts read per second.</summary>
    public static Objective PrefillTokensPerSecond { get; } = new("prefill_tokens_per_second", ObjectiveDirection.Maximise, ObjectiveKind.Measured);

    /// <summary>Milliseconds to decode one token of every sequence of a batch.</summary>
    public static Objective DecodeMs { get; } = new("decode_ms", ObjectiveDirection.Minimise, ObjectiveKind.Measured);

    /// <summary>Tokens decoded per second, those of all sequences of a batch together.</summary>
    public static Objective DecodeTokensPerSecond { get; } = new("decode_tokens_per_second", ObjectiveDirection.Maximise, ObjectiveKind.Measured);

    /// <summary>The objectives that need no task.</summary>
    public static ImmutableArray<Objective> BuiltIn { get; } =
    [
        Perplexity, LogLikelihood, Parameters, BlockParameters, MemoryBytes, KvCacheBytes, MacsPerToken, LatencyMs, TokensPerSecond,
        PrefillMs, PrefillTokensPerSecond, DecodeMs, DecodeTokensPerSecond,
    ];

    /// <summary>The mean of all tasks' accuracies, each task counting the same.</summary>
    public static Objective MeanAccuracy { get; } = new("mean_accuracy", ObjectiveDirection.Maximise, ObjectiveKind.Scored);

    /// <summary>As <see cref="MeanAccuracy"/>, of the length-normalised accuracy where a task has one: what papers on pruning give as the mean of seven zero-shot tasks.</summary>
    public static Objective MeanNormalisedAccuracy { get; } = new("mean_accuracy_norm", ObjectiveDirection.Maximise, ObjectiveKind.Scored);

    /// <summary>What a task's name is followed by for the accuracy of choices normalised by their length.</summary>
    public const string NormalisedSuffix = "_norm";

    /// <summary>Whether an objective needs a text.</summary>
    public static bool NeedsText(string name) => name == Perplexity.Name || name == LogLikelihood.Name;

    /// <summary>Whether an objective needs an engine that decodes token by token.</summary>
    public static bool NeedsDecoding(string name) =>
        name == PrefillMs.Name || name == PrefillTokensPerSecond.Name || name == DecodeMs.Name || name == DecodeTokensPerSecond.Name;

    /// <summary>The objectives of a task: <c>arc_easy</c> (most likely choice) and <c>arc_easy_norm</c> (most likely per byte), as shares of 1.</summary>
    public static ImmutableArray<Objective> OfTask(string task) =>
    [
        new(task, ObjectiveDirection.Maximise, ObjectiveKind.Scored),
        new(task + NormalisedSuffix, ObjectiveDirection.Maximise, ObjectiveKind.Scored),
    ];

    /// <summary>The objectives of a task: those of its metrics where it is one of the evaluation harness.</summary>
    /// <param name="name">What the objectives are named after.</param>
    /// <param name="harnessTask">The harness's name for it; null for a file of questions in ARC's layout.</param>
    public static ImmutableArray<Objective> OfTask(string name, string? harnessTask) => harnessTask is null
        ? OfTask(name)
        : [.. HarnessTasks.MetricsOf(harnessTask).Select(m => new Objective(name + m.Suffix, m.Direction, ObjectiveKind.Scored))];

    /// <summary>The objectives a specification names, in its order.</summary>
    /// <exception cref="NasClusterException">A name is no objective.</exception>
    public static ImmutableArray<Objective> Of(SearchSpec spec)
    {
        var tasks = spec.Data.Tasks.Select(t => (t.Name, t.Task)).ToArray();
        return [.. spec.Objectives.Select(name => FindAmong(name, tasks) ?? throw new NasClusterException($"objectives names '{name}', which is no objective."))];
    }

    /// <summary>The objective of a name where all tasks are files in ARC's layout; null when there is none.</summary>
    /// <param name="name">Its public name.</param>
    /// <param name="tasks">Names of the tasks there are.</param>
    public static Objective? Find(string name, IEnumerable<string> tasks) => FindAmong(name, tasks.Select(t => (t, (string?)null)));

    /// <summary>The objective of a name; null when there is none.</summary>
    /// <param name="name">Its public name.</param>
    /// <param name="tasks">Names of the tasks there are, and what the evaluation harness calls each; null where it is a file in ARC's layout.</param>
    public static Objective? FindAmong(string name, IEnumerable<(string Name, string? HarnessTask)> tasks) =>
        Among(tasks).FirstOrDefault(o => o.Name == name);

    /// <summary>All objectives that there are with some tasks.</summary>
    /// <param name="tasks">As for <see cref="FindAmong"/>.</param>
    public static IEnumerable<Objective> Among(IEnumerable<(string Name, string? HarnessTask)> tasks)
    {
        (string, string?)[] known = [.. tasks];
        return BuiltIn.Concat(known.SelectMany(t => OfTask(t.Item1, t.Item2))).Concat(MembersOf(MeanAccuracy, known).IsEmpty ? [] : [MeanAccuracy, MeanNormalisedAccuracy]);
    }

    /// <summary>Whether an objective is a mean over tasks.</summary>
    public static bool IsMean(Objective objective) => objective == MeanAccuracy || objective == MeanNormalisedAccuracy;

    /// <summary>The objectives that a mean over tasks is of: one for each task that is marked by an accuracy.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="tasks">As for <see cref="FindAmong"/>.</param>
    public static ImmutableArray<Objective> MembersOf(Objective mean, IEnumerable<(string Name, string? HarnessTask)> tasks) =>
    [
        .. tasks.Select(t => (t.Name, Objectives: OfTask(t.Name, t.HarnessTask))).Where(t => t.Objectives is [{ Direction: ObjectiveDirection.Maximise }, ..])
            .Select(t => (mean == MeanNormalisedAccuracy ? t.Objectives.FirstOrDefault(o => o.Name == t.Name + NormalisedSuffix) : null) ?? t.Objectives[0]),
    ];
}
