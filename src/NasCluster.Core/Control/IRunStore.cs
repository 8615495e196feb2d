namespace NasCluster.Core.Control;

/// <summary>Where the truth of one search is kept: its start log, outcome log and latest snapshot, and the history projected from them.</summary>
/// <remarks>
/// <para>Calls do not overlap: the host makes them one after another. The one that opened a store closes it.</para>
/// <para>
/// Every write is all or none, and durable when its task completes: it survives the process's death and a power failure.
/// After a failed write either may hold; sending it again is safe.
/// </para>
/// </remarks>
public interface IRunStore
{
    /// <summary>What a controller resumes from. Of a new run: no snapshot, no outcomes.</summary>
    /// <exception cref="RunStoreException">The store cannot be read, or what it holds is damaged.</exception>
    ValueTask<RecoveredState> RecoverAsync(CancellationToken cancellation);

    /// <summary>Makes a write durable. Records that are there already, equal in all fields, are left as they are.</summary>
    /// <exception cref="RunStoreException">
    /// It failed; nothing of the write is kept, unless the failure came after it became durable. Permanent when a record
    /// contradicts one that is there, leaves a gap in the log, gives a trial a second outcome, or a key a second evaluated outcome.
    /// </exception>
    ValueTask SaveAsync(SaveEffect save, CancellationToken cancellation);

    /// <summary>Adds points to the history; a point whose sequence is there already replaces it.</summary>
    /// <exception cref="RunStoreException">It failed; none of the points is kept.</exception>
    ValueTask SaveHypervolumeAsync(IReadOnlyList<HypervolumePoint> points, CancellationToken cancellation);

    /// <summary>The start log, by lease and then trial.</summary>
    /// <exception cref="RunStoreException">The store cannot be read, or what it holds is damaged.</exception>
    ValueTask<IReadOnlyList<StartRecord>> ReadStartsAsync(CancellationToken cancellation);

    /// <summary>The history, by sequence.</summary>
    /// <exception cref="RunStoreException">The store cannot be read, or what it holds is damaged.</exception>
    ValueTask<IReadOnlyList<HypervolumePoint>> ReadHypervolumeAsync(CancellationToken cancellation);
}
