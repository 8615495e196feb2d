using NasCluster.Core.Control;
using NasCluster.Core.Storage.Runs;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Storage.Runs;

/// <summary>The contract of run stores, with cells of the usual size.</summary>
public class CellRunStoreTests : StoreContract
{
    private MemoryStateCells _cells = new();
    private int _owners;

    /// <summary>How many bytes of records a cell takes.</summary>
    protected virtual int SegmentBytes => 64 << 10;

    protected override IRunStore New()
    {
        _cells = new MemoryStateCells();
        return Open();
    }

    protected override IRunStore Reopen(IRunStore store) => Open();

    protected override IRunStore TakeOver(IRunStore store)
    {
        var successor = Open();

        // Cells in memory answer at once, so this does not wait.
        _ = successor.RecoverAsync(default).AsTask().GetAwaiter().GetResult();
        return successor;
    }

    private CellRunStore Open() => new(_cells, $"owner-{_owners++}", SegmentBytes);
}

/// <summary>The same with cells so small that each holds one record or two, so that every write goes on in further cells.</summary>
public sealed class SmallCellRunStoreTests : CellRunStoreTests
{
    protected override int SegmentBytes => 100;
}
