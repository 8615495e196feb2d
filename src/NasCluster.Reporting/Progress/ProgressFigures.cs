namespace NasCluster.Reporting.Progress;

/// <summary>A snapshot together with what only a clock knows.</summary>
/// <param name="Snapshot">What is shown.</param>
/// <param name="Elapsed">Time since this view began.</param>
/// <param name="PerSecond">Work done a second lately; null when unknown.</param>
/// <param name="TimeLeft">Time the rest takes at the latest speed; null when unknown.</param>
internal sealed record ProgressFigures<TSnapshot>(TSnapshot Snapshot, TimeSpan Elapsed, double? PerSecond, TimeSpan? TimeLeft)
    where TSnapshot : class, IProgressSnapshot;
