using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Embedded.Storage;
using NasCluster.Testing;

namespace NasCluster.Embedded.Tests.Storage;

public sealed class SqliteEvaluationCacheTests : IDisposable
{
    private static readonly EvaluationOutcome Outcome = EvaluationOutcome.Success([new(-0.0, 0), new(1.0 / 3, 1e-300)], 0.25);
    private readonly TemporaryDirectory _directory = new();

    private string File => _directory.At("cache.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Find_RememberedByAnotherProcessBefore_GivesTheSameBits()
    {
        using (var writer = SqliteEvaluationCache.Open(File))
        {
            writer.Remember([Record("a", Outcome)]);
        }

        using var cache = SqliteEvaluationCache.Open(File);
        var found = cache.Find([new("a"), new("b")]);

        Assert.Equal([new EvaluationKey("a")], found.Keys);
        Assert.Equal(
            Outcome.Values.Select(v => (BitConverter.DoubleToInt64Bits(v.Value), BitConverter.DoubleToInt64Bits(v.StandardError))),
            found[new("a")].Values.Select(v => (BitConverter.DoubleToInt64Bits(v.Value), BitConverter.DoubleToInt64Bits(v.StandardError))));
        Assert.Equal(0.25, found[new("a")].ConstraintViolation);
    }

    [Fact]
    public void Remember_FailedParkedOrRemembered_IsPassedOver()
    {
        using var cache = SqliteEvaluationCache.Open(File);

        cache.Remember(
        [
            Record("failed", EvaluationOutcome.Failed("no")), Record("parked", EvaluationOutcome.Failed("no"), OutcomeSource.Parked),
            Record("remembered", Outcome, OutcomeSource.Remembered),
        ]);

        Assert.Empty(cache.Find([new("failed"), new("parked"), new("remembered")]));
    }

    [Fact]
    public void Remember_SecondOutcomeForAKey_FirstStays()
    {
        using var one = SqliteEvaluationCache.Open(File);
        using var other = SqliteEvaluationCache.Open(File);
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

    private static OutcomeRecord Record(string key, EvaluationOutcome outcome, OutcomeSource source = OutcomeSource.Evaluated) =>
        new(0, new Trial(new TrialId(0), new Genome([0])), new EvaluationKey(key), outcome, source, DateTimeOffset.UnixEpoch);
}
