using NasCluster.Core.Storage;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Storage;

public class MemoryStateCellsTests : StateCellsContract
{
    protected override IStateCells New() => new MemoryStateCells();

    protected override IStateCells Again(IStateCells cells) => cells;
}
