using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Search;
using NasCluster.Embedded.Storage;
using NasCluster.Testing;

namespace NasCluster.Embedded.Tests.Storage;

public sealed class SqliteEvaluationCacheTests : EvaluationCacheContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<SqliteEvaluationCache> _open = [];

    private string File => _directory.At("cache.db");

    public void Dispose()
    {
        _open.ForEach(cache => cache.Dispose());
        _directory.Dispose();
    }

    protected override IEvaluationCache New() => Open();

    protected override IEvaluationCache Reopen(IEvaluationCache cache)
    {
        ((SqliteEvaluationCache)cache).Dispose();
        return Open();
    }

    [Fact]
    public void Remember_KeyThatAnotherProcessRemembered_FirstStays()
    {
        var (one, other) = (Open(), Open());
        one.Remember([Record("a", Outcome)]);

        other.Remember([Record("a", EvaluationOutcome.Success([new(7, 0), new(8, 0)]))]);

        Assert.Equal(Outcome, one.Find([new("a")])[new("a")]);
    }

    [Theory]
    [InlineData("this is some text that is long enough to be taken for a page of something, but SQLite knows better than that", "not an SQLite file")]
    public void Open_AnotherFile_IsRefusedAndLeftAlone(string content, string message)
    {
        System.IO.File.WriteAllText(File, content);

        var exception = Assert.ThrowsAny<NasClusterException>(() => SqliteEvaluationCache.Open(File));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Equal(content, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Open_ARunsDatabase_IsRefused()
    {
        RunDirectory.Create(_directory.At("run"), Samples.Specification, TimeProvider.System).Dispose();

        var exception = Assert.ThrowsAny<NasClusterException>(() => SqliteEvaluationCache.Open(Path.Combine(_directory.At("run"), "run.db")));

        Assert.Contains("no cache of evaluations", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DirectoryNotThere_NamesTheFile()
    {
        var path = Path.Combine(_directory.At("none"), "cache.db");

        Assert.Contains(path, Assert.ThrowsAny<NasClusterException>(() => SqliteEvaluationCache.Open(path)).Message, StringComparison.Ordinal);
    }

    private SqliteEvaluationCache Open()
    {
        var cache = SqliteEvaluationCache.Open(File);
        _open.Add(cache);
        return cache;
    }
}
