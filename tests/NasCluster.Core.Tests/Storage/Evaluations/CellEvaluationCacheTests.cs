using System.Globalization;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Evaluations;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Storage.Evaluations;

public class CellEvaluationCacheTests : EvaluationCacheContract
{
    private readonly MemoryStateCells _cells = new();

    protected override IEvaluationCache New() => Open();

    // Cells in memory answer at once, so this does not wait.
    protected override IEvaluationCache Reopen(IEvaluationCache cache)
    {
        ((CellEvaluationCache)cache).SaveAsync(default).AsTask().GetAwaiter().GetResult();
        return Open();
    }

    [Fact]
    public async Task SaveAsync_ManyCallsSinceTheLast_IsOneWrite()
    {
        var cache = Open();
        for (var i = 0; i < 100; i++)
        {
            cache.Remember(Records(i, 1));
        }

        await cache.SaveAsync(default);
        Assert.Equal(1, _cells.Writes);

        await cache.SaveAsync(default);
        Assert.Equal(1, _cells.Writes);
    }

    [Fact]
    public void FindAndRemember_NothingSaved_TouchNoStorage()
    {
        var cache = new CellEvaluationCache(new FaultyStateCells(_cells, 1, TimeProvider.System) { FailuresPerThousand = 1000 });

        cache.Remember(Records(0, 100));

        Assert.Equal(100, cache.Find(Keys(0, 200)).Count);
    }

    [Fact]
    public async Task Remember_MoreThanTheBound_ForgetsTheOldestPageAndItsCellIsUsedAgain()
    {
        var cache = Small();
        for (var i = 0; i < 10; i++)
        {
            cache.Remember(Records(4 * i, 4));
            await cache.SaveAsync(default);
        }

        // Three pages of four.
        Assert.Equal(Keys(28, 12), cache.Find(Keys(0, 40)).Keys.OrderBy(Number));
        Assert.Equal(["outcomes-0000", "outcomes-0001", "outcomes-0002"], _cells.Names);
        Assert.Equal(12, cache.Count);
        Assert.Equal(Keys(28, 12), (await ReloadedAsync(Small())).Find(Keys(0, 40)).Keys.OrderBy(Number));
    }

    [Fact]
    public async Task Remember_MoreThanTheBoundAtOnce_KeepsTheLatest()
    {
        var cache = Small();
        cache.Remember(Records(0, 41));
        await cache.SaveAsync(default);

        Assert.Equal(Keys(32, 9), (await ReloadedAsync(Small())).Find(Keys(0, 41)).Keys.OrderBy(Number));
    }

    [Fact]
    public async Task LoadAsync_PageBegun_IsFilledUp()
    {
        var first = Small();
        first.Remember(Records(0, 3));
        await first.SaveAsync(default);
        var second = await ReloadedAsync(Small());
        second.Remember(Records(3, 1));
        await second.SaveAsync(default);

        Assert.Equal(["outcomes-0000"], _cells.Names);
        Assert.Equal(4, (await ReloadedAsync(Small())).Count);
    }

    [Theory]
    [InlineData("not a page at all")]
    [InlineData("")]
    public async Task LoadAsync_DamagedCell_IsPassedOverAndWrittenOverInItsTurn(string damage)
    {
        var cache = Small();
        cache.Remember(Records(0, 12));
        await cache.SaveAsync(default);
        var cell = (await _cells.ReadAsync("outcomes-0001", default))!;
        byte[] bytes = damage.Length > 0 ? System.Text.Encoding.UTF8.GetBytes(damage) : [.. cell.Bytes.ToArray().Select((b, i) => i == 60 ? (byte)~b : b)];
        await _cells.WriteAsync("outcomes-0001", bytes, cell.Version, default);

        var later = await ReloadedAsync(Small());
        Assert.Equal([.. Keys(0, 4), .. Keys(8, 4)], later.Find(Keys(0, 12)).Keys.OrderBy(Number));

        later.Remember(Records(12, 8));
        await later.SaveAsync(default);
        Assert.Equal(Keys(8, 12), (await ReloadedAsync(Small())).Find(Keys(0, 20)).Keys.OrderBy(Number));
    }

    [Fact]
    public async Task SaveAsync_AnotherHasWritten_BothAreRememberedByBoth()
    {
        var (one, other) = (Open(), Open());
        one.Remember(Records(0, 10));
        await one.SaveAsync(default);

        other.Remember(Records(5, 10));
        await other.SaveAsync(default);
        one.Remember(Records(20, 1));
        await one.SaveAsync(default);

        Assert.Equal(15, other.Count);
        Assert.Equal(16, one.Count);
        Assert.Equal(16, Open().Count);
    }

    [Fact]
    public async Task LoadAsync_StorageIsOut_WorksFromMemoryAndTheNextSaveReadsFirst()
    {
        var before = Open();
        before.Remember(Records(0, 3));
        await before.SaveAsync(default);
        var faulty = new FaultyStateCells(_cells, 1, TimeProvider.System) { FailuresPerThousand = 1000, OutagesPerThousand = 0 };
        var cache = new CellEvaluationCache(faulty);

        await Assert.ThrowsAsync<StateCellException>(async () => await cache.LoadAsync(default));
        cache.Remember(Records(3, 2));
        Assert.Equal(Keys(3, 2), cache.Find(Keys(0, 5)).Keys.OrderBy(Number));
        faulty.FailuresPerThousand = 0;
        await cache.SaveAsync(default);

        Assert.Equal(5, cache.Count);
        Assert.Equal(5, Open().Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task SaveAsync_StorageFailsInEveryWay_InTheEndNothingIsMissing(int seed)
    {
        var time = new VirtualTime();
        var faulty = new FaultyStateCells(_cells, seed, time) { FailuresPerThousand = 300, OutagesPerThousand = 0 };
        var cache = new CellEvaluationCache(faulty, pages: 50, outcomesPerPage: 16);
        for (var i = 0; i < 100; i++)
        {
            cache.Remember(Records(3 * i, 3));
            await TryAsync(() => cache.SaveAsync(default));
            if (i % 20 == 19)
            {
                // As after a crash right behind a save: another takes over, and finds what was saved.
                faulty.FailuresPerThousand = 0;
                await cache.SaveAsync(default);
                faulty.FailuresPerThousand = 300;
                cache = new CellEvaluationCache(faulty, pages: 50, outcomesPerPage: 16);
                await TryAsync(() => cache.LoadAsync(default));
            }
        }

        await faulty.DeliverAsync();
        faulty.FailuresPerThousand = 0;
        await cache.SaveAsync(default);

        Assert.True(faulty.Failures > 20, $"only {faulty.Failures} calls failed");
        var last = await ReloadedAsync(new CellEvaluationCache(_cells, pages: 50, outcomesPerPage: 16));
        Assert.Equal(Keys(0, 300), last.Find(Keys(0, 300)).Keys.OrderBy(Number));
        Assert.All(last.Find(Keys(0, 300)), found => Assert.Equal(Number(found.Key), found.Value.Values[0].Value));
    }

    private static async Task TryAsync(Func<ValueTask> store)
    {
        try
        {
            await store();
        }
        catch (StateCellException)
        {
            // The next one does it.
        }
    }

    private static OutcomeRecord[] Records(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(i => Record($"{i}", EvaluationOutcome.Success([new(i, 0)])))];

    private static EvaluationKey[] Keys(int from, int count) => [.. Enumerable.Range(from, count).Select(i => new EvaluationKey($"{i}"))];

    private static int Number(EvaluationKey key) => int.Parse(key.Value, CultureInfo.InvariantCulture);

    private static async Task<CellEvaluationCache> ReloadedAsync(CellEvaluationCache cache)
    {
        await cache.LoadAsync(default);
        return cache;
    }

    private CellEvaluationCache Small() => new(_cells, pages: 3, outcomesPerPage: 4);

    private CellEvaluationCache Open()
    {
        var cache = new CellEvaluationCache(_cells);
        cache.LoadAsync(default).AsTask().GetAwaiter().GetResult();
        return cache;
    }
}
