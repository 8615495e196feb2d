namespace NasCluster.Core.Storage.Runs;

/// <summary>Deletes everything that a <see cref="CellRunStore"/> has stored of a run.</summary>
public static class RunRemoval
{
    /// <summary>Deletes it. Interrupted at any point it can be done again; nobody may write the run meanwhile.</summary>
    /// <param name="cells">The cells of the search.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StateCellException">Storage did not answer.</exception>
    public static async ValueTask DeleteAsync(IStateCells cells, CancellationToken cancellation)
    {
        await DeleteLogAsync(cells, "history", cancellation).ConfigureAwait(false);
        foreach (var name in SnapshotCells.Names)
        {
            if (await cells.ReadAsync(name, cancellation).ConfigureAwait(false) is { } snapshot)
            {
                await cells.DeleteAsync(name, snapshot.Version, cancellation).ConfigureAwait(false);
            }
        }

        await DeleteLogAsync(cells, "log", cancellation).ConfigureAwait(false);
    }

    private static async ValueTask DeleteLogAsync(IStateCells cells, string prefix, CancellationToken cancellation)
    {
        var versions = new List<string>();
        while (await cells.ReadAsync(CellLog.NameOf(prefix, versions.Count), cancellation).ConfigureAwait(false) is { } cell)
        {
            versions.Add(cell.Version);
        }

        // The last first: what an interruption leaves is a log that is shorter, not one without a beginning.
        for (var i = versions.Count - 1; i >= 0; i--)
        {
            await cells.DeleteAsync(CellLog.NameOf(prefix, i), versions[i], cancellation).ConfigureAwait(false);
        }
    }
}
