using NasCluster.Core.Control;
using NasCluster.Embedded.Storage;
using NasCluster.Testing;

namespace NasCluster.Embedded.Tests.Storage;

public sealed class SqliteRunStoreTests : StoreContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<SqliteRunStore> _stores = [];
    private int _runs;

    public void Dispose()
    {
        _stores.ForEach(s => s.Dispose());
        _directory.Dispose();
    }

    protected override IRunStore New()
    {
        var run = _directory.At($"{_runs++}");
        Directory.CreateDirectory(run);
        RunDatabase.Create(run, Samples.Specification, DateTimeOffset.UnixEpoch);
        return Open(run);
    }

    protected override IRunStore Reopen(IRunStore store)
    {
        ((SqliteRunStore)store).Dispose();
        return TakeOver(store);
    }

    protected override IRunStore TakeOver(IRunStore store) => Open(_directory.At($"{_runs - 1}"));

    private SqliteRunStore Open(string run)
    {
        var store = new SqliteRunStore(RunFiles.Database(run), DateTimeOffset.UnixEpoch);
        _stores.Add(store);
        return store;
    }
}
