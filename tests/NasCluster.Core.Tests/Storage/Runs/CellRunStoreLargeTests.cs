using System.Collections.Immutable;
using System.Diagnostics;
using NasCluster.Core.Control;
using NasCluster.Core.Storage.Runs;
using NasCluster.Testing;
using Xunit.Abstractions;

namespace NasCluster.Core.Tests.Storage.Runs;

public class CellRunStoreLargeTests(ITestOutputHelper output)
{
    [Fact]
    public async Task SaveAsync_TwentyThousandOutcomesInManyWrites_ComeBackEqual()
    {
        var cells = new MemoryStateCells();
        var store = new CellRunStore(cells, "one");
        var outcomes = Enumerable.Range(0, 20_000).Select(RunSamples.Outcome).ToImmutableArray();
        var starts = Enumerable.Range(0, 20_000).Select(RunSamples.Start).ToImmutableArray();
        var clock = Stopwatch.StartNew();
        for (var from = 0; from < outcomes.Length; from += 100)
        {
            await store.SaveAsync(new SaveEffect(from, starts[from..(from + 100)], outcomes[from..(from + 100)], null), default);
        }

        var saving = clock.Elapsed;
        var successor = new CellRunStore(cells, "another");
        var recovered = await successor.RecoverAsync(default);
        output.WriteLine($"20,000 outcomes: saved in {saving.TotalMilliseconds:F0} ms, recovered in {(clock.Elapsed - saving).TotalMilliseconds:F0} ms from {cells.Names.Count} cells");

        Assert.Equal(outcomes, recovered.Outcomes);
        Assert.Equal(starts, await successor.ReadStartsAsync(default));
        Assert.Equal(20_000, recovered.NextLease);
        Assert.InRange(cells.Names.Count, 20_000 * 100 / (64 << 10), 20_000 * 400 / (64 << 10));
    }

    [Fact]
    public async Task SaveAsync_TenThousandOutcomesInOneWrite_ComeBackEqual()
    {
        var cells = new MemoryStateCells();
        var store = new CellRunStore(cells, "one");
        await store.SaveAsync(new SaveEffect(1, [], [RunSamples.Outcome(0)], null), default);
        var outcomes = Enumerable.Range(1, 10_000).Select(RunSamples.Outcome).ToImmutableArray();

        await store.SaveAsync(new SaveEffect(2, [], outcomes, RunSamples.Snapshot(10_001)), default);

        var recovered = await new CellRunStore(cells, "another").RecoverAsync(default);
        Assert.Equal([RunSamples.Outcome(0), .. outcomes], recovered.Outcomes);
        Assert.Equal(RunSamples.Snapshot(10_001), recovered.Snapshot);
    }
}
