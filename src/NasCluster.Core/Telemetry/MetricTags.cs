namespace NasCluster.Core.Telemetry;

/// <summary>Names of the tags that metrics carry, and the values that are fixed.</summary>
/// <remarks>
/// Every tag has few values. <see cref="Search"/> and <see cref="Evaluator"/> are names given by users and machines: a process tells so many
/// apart (<see cref="MaximumSearches"/>, <see cref="MaximumEvaluators"/>) and counts all later ones as <see cref="Other"/>.
/// </remarks>
public static class MetricTags
{
    /// <summary>The search's name; that of a search's report, a search of its own, ends in <c>.report</c>.</summary>
    public const string Search = "search";

    /// <summary>The objective's name.</summary>
    public const string Objective = "objective";

    /// <summary>The program's version.</summary>
    public const string Version = "version";

    /// <summary>The evaluator's name.</summary>
    public const string Evaluator = "evaluator";

    /// <summary>How it came out; see the metric for its values.</summary>
    public const string Result = "result";

    /// <summary>What storage was asked to do: one of <see cref="StorageOperation"/>, in lower case.</summary>
    public const string Operation = "operation";

    /// <summary>What an evaluator or a search is about; see the metric for its values.</summary>
    public const string State = "state";

    /// <summary>Result: it was done.</summary>
    public const string Succeeded = "succeeded";

    /// <summary>Result: it failed.</summary>
    public const string Failed = "failed";

    /// <summary>Result of an outcome: it was known already.</summary>
    public const string Remembered = "remembered";

    /// <summary>Result of an outcome: the trial was given up.</summary>
    public const string Parked = "parked";

    /// <summary>Result of a look-up: it was there.</summary>
    public const string Hit = "hit";

    /// <summary>Result of a look-up: it was not there.</summary>
    public const string Miss = "miss";

    /// <summary>State of an evaluator: it works.</summary>
    public const string Busy = "busy";

    /// <summary>State of an evaluator: it waits for work.</summary>
    public const string Idle = "idle";

    /// <summary>State of a search: its evaluations go on, or wait for evaluators.</summary>
    public const string Running = "running";

    /// <summary>State of a search: nothing is dispatched until it is resumed.</summary>
    public const string Paused = "paused";

    /// <summary>State of a search that is carried out: it was asked to stop and saves what was reported.</summary>
    public const string Stopping = "stopping";

    /// <summary>State of a search that is carried out: it is over, and its end is being recorded.</summary>
    public const string Finished = "finished";

    /// <summary>State of a search: stopped on request.</summary>
    public const string Stopped = "stopped";

    /// <summary>State of a search: every outcome is recorded.</summary>
    public const string Completed = "completed";

    /// <summary>Stands for every name beyond those told apart.</summary>
    public const string Other = "other";

    /// <summary>How many searches a process tells apart in its lifetime.</summary>
    public const int MaximumSearches = 200;

    /// <summary>How many evaluators a process tells apart in its lifetime.</summary>
    public const int MaximumEvaluators = 64;
}
