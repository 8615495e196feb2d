namespace NasCluster.Core.Storage;

/// <summary>Named cells of opaque bytes, each replaced whole and only by whoever has seen its latest version.</summary>
/// <remarks>
/// <para>
/// This is what every grain storage can do (blobs with entity tags, rows with version numbers, memory), so that whatever is built on it
/// works on each of them. All cells of one object belong to one owner, such as a search; names of different owners never meet.
/// </para>
/// <para>Calls may overlap. After a failure that is no conflict a write may have happened all the same.</para>
/// </remarks>
public interface IStateCells
{
    /// <summary>A cell's bytes; null when it was never written, or was deleted.</summary>
    /// <param name="name">1 to 128 of the characters <c>a-z 0-9 - .</c>.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="StateCellException">Storage did not answer.</exception>
    ValueTask<StateCell?> ReadAsync(string name, CancellationToken cancellation);

    /// <summary>Replaces a cell's bytes, or creates the cell.</summary>
    /// <param name="name">As in <see cref="ReadAsync"/>.</param>
    /// <param name="bytes">What to keep; not empty.</param>
    /// <param name="version">The version last seen; null when there must be no such cell.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The new version.</returns>
    /// <exception cref="StateCellConflictException">The cell has another version, or exists: somebody else wrote it.</exception>
    /// <exception cref="StateCellException">Storage did not answer, or failed; the write may have happened or not.</exception>
    ValueTask<string> WriteAsync(string name, ReadOnlyMemory<byte> bytes, string? version, CancellationToken cancellation);

    /// <summary>Deletes a cell.</summary>
    /// <param name="name">As in <see cref="ReadAsync"/>.</param>
    /// <param name="version">The version last seen.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="StateCellConflictException">The cell has another version, or is gone.</exception>
    /// <exception cref="StateCellException">Storage did not answer, or failed; the cell may be gone or not.</exception>
    ValueTask DeleteAsync(string name, string version, CancellationToken cancellation);
}
