using System.Collections.Immutable;
using NasCluster.Core.Search;

namespace NasCluster.Contracts.Searches;

/// <summary>How far a search has come.</summary>
[GenerateSerializer, Immutable]
public sealed record SearchProgress
{
    /// <summary>The search as it was started.</summary>
    [Id(0)] public required SearchDefinition Definition { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(1)] public SearchState State { get; init; }

    /// <summary>Why it failed; null unless it did.</summary>
    [Id(2)] public string? Reason { get; init; }

    /// <summary>What it weighs against each other, in the order of every outcome's values.</summary>
    [Id(3)] public ImmutableArray<Objective> Objectives { get; init; } = [];

    /// <summary>How many outcomes are recorded.</summary>
    [Id(4)] public long Recorded { get; init; }

    /// <summary>How many there will be.</summary>
    [Id(5)] public long Budget { get; init; }

    /// <summary>Evaluators that work for it now.</summary>
    [Id(6)] public int BusyEvaluators { get; init; }

    /// <summary>Evaluators lent to it.</summary>
    [Id(7)] public int Evaluators { get; init; }

    /// <summary>Trials that wait for an evaluator.</summary>
    [Id(8)] public int Queued { get; init; }

    /// <summary>What decides the results besides the specification, by name.</summary>
    [Id(10)] public ImmutableSortedDictionary<string, string> Provenance { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The super-network's shape, as JSON.</summary>
    [Id(11)] public string? Configuration { get; init; }

    /// <summary>What happened lately that is worth a line, oldest first.</summary>
    [Id(9)] public ImmutableArray<string> Notices { get; init; } = [];

    /// <summary>The stage before or after the search that is being carried out; null when none is.</summary>
    [Id(12)] public string? Stage { get; init; }

    /// <summary>What the stages around the search that have ended say of themselves, in their order: each JSON with <c>stage</c>, <c>content</c> and <c>record</c>.</summary>
    [Id(13)] public ImmutableArray<string> Stages { get; init; } = [];
}
