namespace NasCluster.Cluster.Benchmarks.Chaos;

/// <summary>What was done to whom.</summary>
internal enum EventKind
{
    Kill,
    Freeze,
    Leave,
    Cut,
}

/// <summary>One disturbance.</summary>
/// <param name="At">When it began.</param>
/// <param name="Kind">What it was.</param>
/// <param name="Silo">The silo's number; null when it was storage.</param>
/// <param name="Searches">Searches that this silo carried out then.</param>
internal sealed record Event(DateTimeOffset At, EventKind Kind, int? Silo, IReadOnlyList<string> Searches);
