namespace NasCluster.Core.Storage.Runs;

/// <summary>Deletes the cells of a run.</summary>
internal static class RunDeletion
{
    private const int Parallelism = 8;
    private const int Attempts = 20;

    public static async ValueTask RunAsync(IStateCells cells, CancellationToken cancellation)
    {
        // An owner that still writes finds his tail gone, and ends; what he had put in place before that is found by the next pass.
        while (await PassAsync(cells, cancellation).ConfigureAwait(false))
        {
        }
    }

    private static async ValueTask<bool> PassAsync(IStateCells cells, CancellationToken cancellation)
    {
        var any = await DeleteLogAsync(cells, "history", cancellation).ConfigureAwait(false);
        foreach (var slot in (string[])[SnapshotCells.NameOf(0), SnapshotCells.NameOf(1)])
        {
            any |= await DeleteCellAsync(cells, slot, cancellation).ConfigureAwait(false);
        }

        return await DeleteLogAsync(cells, "log", cancellation).ConfigureAwait(false) || any;
    }

    /// <summary>Deletes from the last cell to the first, so that one interrupted half-way is found again, and never taken for a new run.</summary>
    private static async ValueTask<bool> DeleteLogAsync(IStateCells cells, string prefix, CancellationToken cancellation)
    {
        // Cells are put in place in groups of as many, each group after the one before it, so gaps are shorter than this.
        var end = 0;
        for (var missing = 0; missing < Parallelism;)
        {
            var reads = Enumerable.Range(end + missing, Parallelism)
                .Select(index => cells.ReadAsync(CellLog.NameOf(prefix, index), cancellation).AsTask()).ToArray();
            foreach (var cell in await Task.WhenAll(reads).ConfigureAwait(false))
            {
                (end, missing) = cell is null ? (end, missing + 1) : (end + missing + 1, 0);
            }
        }

        for (var index = end - 1; index >= 0; index--)
        {
            _ = await DeleteCellAsync(cells, CellLog.NameOf(prefix, index), cancellation).ConfigureAwait(false);
        }

        return end > 0;
    }

    private static async ValueTask<bool> DeleteCellAsync(IStateCells cells, string name, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await cells.ReadAsync(name, cancellation).ConfigureAwait(false) is not { } cell)
            {
                return attempt > 1;
            }

            try
            {
                await cells.DeleteAsync(name, cell.Version, cancellation).ConfigureAwait(false);
                return true;
            }
            catch (StateCellConflictException) when (attempt < Attempts)
            {
                // Written once more, or gone already.
            }
        }
    }
}
