namespace NasCluster.Reporting.Progress;

/// <summary>A snapshot together with what only a clock knows.</summary>
/// <param name="Snapshot">The search.</param>
/// <param name="Elapsed">Time since this view began.</param>
/// <param name="PerSecond">Evaluations a second lately; null when unknown.</param>
/// <param name="TimeLeft">Time the rest takes at that speed; null when unknown.</param>
internal sealed record ProgressFigures(ProgressSnapshot Snapshot, TimeSpan Elapsed, double? PerSecond, TimeSpan? TimeLeft);
