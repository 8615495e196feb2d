using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Core.Control;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Runs;
using NasCluster.Testing;

namespace NasCluster.Cluster.Tests.Storage;

/// <summary>The contract of cells, over the grain storage of a silo.</summary>
internal sealed class GrainCellsContract(StorageSilo silo) : StateCellsContract
{
    private readonly Dictionary<IStateCells, string> _keys = [];

    protected override IStateCells New() => Open($"cells-{Guid.NewGuid():n}");

    protected override IStateCells Again(IStateCells cells) => Open(_keys[cells]);

    private IStateCells Open(string key)
    {
        var cells = silo.Storage.OfSearch(key);
        _keys[cells] = key;
        return cells;
    }
}

/// <summary>The contract of run stores, over the grain storage of a silo.</summary>
internal sealed class GrainRunStoreContract(StorageSilo silo) : StoreContract
{
    private readonly string _key = $"run-{Guid.NewGuid():n}";
    private int _runs;
    private int _owners;

    protected override IRunStore New()
    {
        _runs++;
        return Open();
    }

    protected override IRunStore Reopen(IRunStore store) => Open();

    protected override IRunStore TakeOver(IRunStore store)
    {
        var successor = Open();
        Task.Run(() => successor.RecoverAsync(default).AsTask()).GetAwaiter().GetResult();
        return successor;
    }

    private CellRunStore Open() => new(silo.Storage.OfSearch($"{_key}-{_runs}"), $"owner-{_owners++}");
}
