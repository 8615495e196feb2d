using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tasks.Loading;
using NasCluster.Evaluation.Tasks.Running;
using NasCluster.Evaluation.Tasks.Scoring;

namespace NasCluster.Local.Evaluations;

/// <summary>What <c>nas eval</c> found, and how.</summary>
/// <param name="Network">The network and how it was computed with.</param>
/// <param name="Tokenizer">Fingerprint of the tokenizer.</param>
/// <param name="Options">How tasks were read; the name aside.</param>
/// <param name="Window">Most tokens read at once.</param>
/// <param name="Networks">The sub-networks, and what they are called.</param>
/// <param name="Tasks">Tasks in the order asked.</param>
internal sealed record EvalReport(
    SuperNetworkInfo Network, string Tokenizer, TaskRequest Options, int Window, ImmutableArray<NamedNetwork> Networks, ImmutableArray<TaskResult> Tasks)
{
    /// <summary>The version of the evaluation harness (lm-evaluation-harness) whose tasks these are.</summary>
    public const string Harness = "0.4.9.2";

    /// <summary>The groups that the tasks make up: for each its scores, one per architecture.</summary>
    public ImmutableArray<ImmutableArray<TaskScore>> Groups { get; } = GroupsOf(Networks.Length, Tasks);

    /// <summary>Whether these are the networks of a front, each to be compared with the one before it rather than with the first.</summary>
    public bool IsFront { get; init; }

    /// <summary>With which network, by place, another is compared.</summary>
    public int ComparedWith(int network) => IsFront ? network - 1 : 0;

    private static ImmutableArray<ImmutableArray<TaskScore>> GroupsOf(int architectures, ImmutableArray<TaskResult> tasks)
    {
        var scores = Enumerable.Range(0, architectures).Select(a => TaskGroups.Score([.. tasks.Select(t => t.Scores[a])]).ToArray()).ToArray();
        return [.. Enumerable.Range(0, scores[0].Length).Select(group => scores.Select(s => s[group]).ToImmutableArray())];
    }
}

/// <summary>A sub-network that is evaluated.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Architecture">What it keeps.</param>
internal sealed record NamedNetwork(string Name, Architecture Architecture);
