namespace NasCluster.Core.Control;

/// <summary>What storage holds of a search that ran before.</summary>
/// <param name="Snapshot">The latest snapshot; null if none was saved.</param>
/// <param name="NextLease">A lease number above every one in the start log; 0 if there is none.</param>
/// <param name="Outcomes">The whole outcome log, in order from 0.</param>
public sealed record RecoveredState(ControllerSnapshot? Snapshot, long NextLease, IReadOnlyList<OutcomeRecord> Outcomes);
