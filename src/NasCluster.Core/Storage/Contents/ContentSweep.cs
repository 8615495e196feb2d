namespace NasCluster.Core.Storage.Contents;

/// <summary>Deletes contents from their cells.</summary>
/// <remarks>
/// Chunks go before the manifests that list them, so that a sweep interrupted anywhere is finished by doing it again. Each batch is deleted
/// by the versions its cells had before the host confirmed that the deletion is still its own: what others have stored anew since has
/// another version, and stays.
/// </remarks>
public static class ContentSweep
{
    private const int Parallelism = 8;

    /// <summary>Deletes them.</summary>
    /// <param name="cells">The cells of contents.</param>
    /// <param name="doomed">What to delete; contents that are not there are passed over.</param>
    /// <param name="kept">Every content that is to stay whole: chunks of these stay, whoever else has them.</param>
    /// <param name="confirm">Makes sure, before each batch, that the deletion is still this host's to do; fails if not.</param>
    /// <param name="cancellation">Gives up half-way.</param>
    /// <returns>How many cells were deleted.</returns>
    /// <exception cref="StateCellException">Storage did not answer; doing it again goes on.</exception>
    /// <exception cref="NasClusterException">A manifest to be kept is of a newer program, so that its chunks are not known; nothing was deleted.</exception>
    public static async ValueTask<int> RunAsync(
        IStateCells cells, IReadOnlyCollection<string> doomed, IReadOnlyCollection<string> kept, Func<CancellationToken, Task> confirm, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(confirm);
        var staying = new HashSet<string>(StringComparer.Ordinal);
        foreach (var hash in kept)
        {
            staying.UnionWith(await ChunksAsync(cells, hash, cancellation).ConfigureAwait(false));
        }

        var chunks = new HashSet<string>(StringComparer.Ordinal);
        foreach (var hash in doomed.Except(kept))
        {
            chunks.UnionWith(await ChunksAsync(cells, hash, cancellation).ConfigureAwait(false));
        }

        var deleted = 0;
        var manifests = doomed.Except(kept).SelectMany(hash => (string[])[ContentStore.ManifestName(hash), UploadMark.NameOf(hash)]);
        foreach (var names in (IEnumerable<string>[])[chunks.Except(staying).Select(ContentStore.ChunkName), manifests])
        {
            foreach (var batch in names.Chunk(Parallelism))
            {
                deleted += await DeleteAsync(cells, batch, confirm, cancellation).ConfigureAwait(false);
            }
        }

        return deleted;
    }

    private static async ValueTask<IReadOnlyList<string>> ChunksAsync(IStateCells cells, string hash, CancellationToken cancellation)
    {
        var name = ContentStore.ManifestName(hash);
        var cell = await cells.ReadAsync(name, cancellation).ConfigureAwait(false);
        return cell is null ? [] : ContentManifest.Decode(name, cell.Bytes.Span)?.Chunks ?? [];
    }

    private static async ValueTask<int> DeleteAsync(IStateCells cells, string[] names, Func<CancellationToken, Task> confirm, CancellationToken cancellation)
    {
        var versions = await Task.WhenAll(names.Select(async name => (await cells.ReadAsync(name, cancellation).ConfigureAwait(false))?.Version)).ConfigureAwait(false);
        if (versions.All(version => version is null))
        {
            return 0;
        }

        await confirm(cancellation).ConfigureAwait(false);
        var deletions = names.Zip(versions).Where(cell => cell.Second is not null).Select(cell => TryDeleteAsync(cells, cell.First, cell.Second!, cancellation));
        return (await Task.WhenAll(deletions).ConfigureAwait(false)).Count(isDeleted => isDeleted);
    }

    private static async Task<bool> TryDeleteAsync(IStateCells cells, string name, string version, CancellationToken cancellation)
    {
        try
        {
            await cells.DeleteAsync(name, version, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (StateCellConflictException)
        {
            return false; // Gone already, or stored anew.
        }
    }
}
