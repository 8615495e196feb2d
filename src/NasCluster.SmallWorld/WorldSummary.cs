using System.Collections.Immutable;

namespace NasCluster.SmallWorld;

/// <summary>What was written.</summary>
/// <param name="Training">The text to train on.</param>
/// <param name="Validation">The text to validate on.</param>
/// <param name="Tasks">The tasks, in the order of the families.</param>
public sealed record WorldSummary(TextSummary Training, TextSummary Validation, ImmutableArray<TaskSummary> Tasks);
