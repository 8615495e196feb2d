using NasCluster.Core.Control;
using NasCluster.Core.Search;
using NasCluster.Core.Storage.Runs;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Storage.Runs;

/// <summary>What a run's cells look like, and what becomes of a run whose cells are damaged or gone.</summary>
public class CellRunStoreCellsTests
{
    private readonly MemoryStateCells _cells = new();

    [Fact]
    public async Task SaveAsync_FewRecords_IsOneWriteOfTheTail()
    {
        var store = new CellRunStore(_cells, "one");
        await store.RecoverAsync(default);
        var before = _cells.Writes;

        await store.SaveAsync(new SaveEffect(1, [RunSamples.Start(0)], [RunSamples.Outcome(0)], null), default);
        await store.SaveAsync(new SaveEffect(1, [RunSamples.Start(0)], [RunSamples.Outcome(0)], null), default);

        Assert.Equal(before + 1, _cells.Writes);
        Assert.Equal(["log-00000000"], _cells.Names);
    }

    [Fact]
    public async Task SaveAsync_RecordsFillACellExactly_GoOnInTheNextWithTheOneAfter()
    {
        var frame = RecordCodec.Encode(RunSamples.Outcome(0)).ToFrame().Length;
        Assert.Equal(frame, RecordCodec.Encode(RunSamples.Outcome(9)).ToFrame().Length);
        var store = new CellRunStore(_cells, "one", segmentBytes: 5 * frame);

        await SaveOneByOneAsync(store, 5);
        Assert.Equal(["log-00000000"], _cells.Names);
        await store.SaveAsync(new SaveEffect(6, [], [RunSamples.Outcome(5)], null), default);
        Assert.Equal(["log-00000000", "log-00000001"], _cells.Names);

        var recovered = await new CellRunStore(_cells, "another").RecoverAsync(default);
        Assert.Equal(Enumerable.Range(0, 6).Select(RunSamples.Outcome), recovered.Outcomes);
    }

    [Fact]
    public async Task SaveAsync_RecordLargerThanACell_HasOneToItself()
    {
        var store = new CellRunStore(_cells, "one", segmentBytes: 300);
        var large = RunSamples.Outcome(1) with { Outcome = EvaluationOutcome.Failed(new string('x', 5000)) };

        await store.SaveAsync(new SaveEffect(1, [], [RunSamples.Outcome(0), large, RunSamples.Outcome(2)], null), default);

        Assert.Equal(3, _cells.Names.Count);
        Assert.Equal([RunSamples.Outcome(0), large, RunSamples.Outcome(2)], (await store.RecoverAsync(default)).Outcomes);
    }

    [Fact]
    public async Task SaveAsync_ManySnapshots_UseTwoCells()
    {
        var store = new CellRunStore(_cells, "one");
        for (var i = 0; i < 5; i++)
        {
            await store.SaveAsync(new SaveEffect(i, [], [RunSamples.Outcome(i)], RunSamples.Snapshot(i + 1)), default);
        }

        Assert.Equal(["log-00000000", "snapshot-0", "snapshot-1"], _cells.Names);
        Assert.Equal(RunSamples.Snapshot(5), (await new CellRunStore(_cells, "another").RecoverAsync(default)).Snapshot);
    }

    [Fact]
    public async Task SaveAsync_AfterATakeOver_NamesTheOtherAndStaysRefused()
    {
        var old = new CellRunStore(_cells, "silo-1");
        await old.RecoverAsync(default);
        await new CellRunStore(_cells, "silo-2").RecoverAsync(default);

        for (var i = 0; i < 2; i++)
        {
            var exception = await Assert.ThrowsAsync<RunTakenOverException>(async () => await old.SaveAsync(new SaveEffect(1, [], [RunSamples.Outcome(0)], null), default));
            Assert.True(exception.IsPermanent);
            Assert.Equal("The run was taken over by another, 'silo-2' (epoch 2); 'silo-1' may write to it no more.", exception.Message);
        }
    }

    [Fact]
    public async Task SaveHypervolumeAsync_EarlierOwnerComesLate_IsRefusedAndTheLaterGoesOn()
    {
        var (old, current) = (new CellRunStore(_cells, "old"), new CellRunStore(_cells, "current"));
        await old.RecoverAsync(default);
        await current.RecoverAsync(default);
        await current.SaveHypervolumeAsync([RunSamples.Point(0)], default);

        var exception = await Assert.ThrowsAsync<RunTakenOverException>(async () => await old.SaveHypervolumeAsync([RunSamples.Point(0, 9)], default));

        Assert.True(exception.IsPermanent);
        await current.SaveHypervolumeAsync([RunSamples.Point(1)], default);
        Assert.Equal([RunSamples.Point(0), RunSamples.Point(1)], await current.ReadHypervolumeAsync(default));
    }

    [Fact]
    public async Task SaveHypervolumeAsync_ThousandsOfPointsSavedAgain_GrowsOnce()
    {
        var points = Enumerable.Range(0, 5000).Select(i => RunSamples.Point(i, i)).ToArray();
        await new CellRunStore(_cells, "one").SaveHypervolumeAsync(points, default);
        var (names, writes) = (_cells.Names, _cells.Writes);
        Assert.True(names.Count > 3);

        var successor = new CellRunStore(_cells, "another");
        await successor.SaveHypervolumeAsync(points, default);

        Assert.Equal(names, _cells.Names);
        Assert.Equal(writes + 2, _cells.Writes);
        Assert.Equal(points, await successor.ReadHypervolumeAsync(default));
    }

    [Theory]
    [InlineData("log-00000000")]
    [InlineData("log-00000001")]
    [InlineData("snapshot-0")]
    public async Task RecoverAsync_CellDamagedOrGone_IsRefusedForGoodAndNamesIt(string name)
    {
        var store = new CellRunStore(_cells, "one", segmentBytes: 300);
        await SaveOneByOneAsync(store, 6);
        await store.SaveAsync(new SaveEffect(9, [], [], RunSamples.Snapshot(6)), default);
        var sound = (await _cells.ReadAsync(name, default))!;
        byte[] damaged = [.. sound.Bytes.Span];
        damaged[damaged.Length / 2] ^= 4;
        var version = await _cells.WriteAsync(name, damaged, sound.Version, default);

        var exception = await Assert.ThrowsAsync<RunStoreException>(async () => await new CellRunStore(_cells, "two").RecoverAsync(default));
        Assert.True(exception.IsPermanent);
        Assert.Contains($"'{name}' is damaged", exception.Message, StringComparison.Ordinal);

        if (name != "log-00000000")
        {
            await _cells.DeleteAsync(name, version, default);
            exception = await Assert.ThrowsAsync<RunStoreException>(async () => await new CellRunStore(_cells, "three").RecoverAsync(default));
            Assert.True(exception.IsPermanent);
            Assert.Contains($"'{name}' is damaged: it is missing", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RecoverAsync_SnapshotCellHoldsAnother_IsRefused()
    {
        var store = new CellRunStore(_cells, "one");
        await store.SaveAsync(new SaveEffect(1, [], [RunSamples.Outcome(0)], RunSamples.Snapshot(0)), default);
        var older = (await _cells.ReadAsync("snapshot-0", default))!;
        await store.SaveAsync(new SaveEffect(2, [], [], RunSamples.Snapshot(1)), default);
        var current = (await _cells.ReadAsync("snapshot-1", default))!;
        await _cells.WriteAsync("snapshot-1", older.Bytes, current.Version, default);

        var exception = await Assert.ThrowsAsync<RunStoreException>(async () => await new CellRunStore(_cells, "two").RecoverAsync(default));

        Assert.Equal("Cell 'snapshot-1' is damaged: it holds another snapshot than the one the log calls current.", exception.Message);
    }

    [Fact]
    public async Task DeleteAsync_Run_LeavesNothingAndEndsItsOwner()
    {
        var store = new CellRunStore(_cells, "one", segmentBytes: 300);
        await SaveOneByOneAsync(store, 40);
        await store.SaveAsync(new SaveEffect(99, [], [], RunSamples.Snapshot(40)), default);
        await store.SaveHypervolumeAsync([.. Enumerable.Range(0, 40).Select(i => RunSamples.Point(i))], default);

        await CellRunStore.DeleteAsync(_cells, default);

        Assert.Empty(_cells.Names);
        var exception = await Assert.ThrowsAsync<RunTakenOverException>(async () => await store.SaveAsync(new SaveEffect(1, [], [RunSamples.Outcome(40)], null), default));
        Assert.True(exception.IsPermanent);
        Assert.Equal("The run was deleted while 'one' wrote to it.", exception.Message);
    }

    [Fact]
    public async Task DeleteAsync_StorageFails_IsFinishedByTheNext()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var (truth, time) = (new MemoryStateCells(), new VirtualTime());
            var store = new CellRunStore(truth, "one", segmentBytes: 300);
            await SaveOneByOneAsync(store, 40);
            var faulty = new FaultyStateCells(truth, seed, time);
            for (var isDone = false; !isDone;)
            {
                try
                {
                    await CellRunStore.DeleteAsync(faulty, default);
                    isDone = true;
                }
                catch (RunStoreException exception) when (!exception.IsPermanent)
                {
                    time.Advance(TimeSpan.FromSeconds(1));
                }
            }

            Assert.Empty(truth.Names);
        }
    }

    [Fact]
    public async Task SaveAsync_LargeWriteFailsHalfWay_IsNotSeenAndDoesNotHinderTheNextOwner()
    {
        var time = new VirtualTime();
        var cells = new FaultyStateCells(_cells, 1, time) { FailuresPerThousand = 0, OutagesPerThousand = 0 };
        var store = new CellRunStore(cells, "one", segmentBytes: 1000);
        await SaveOneByOneAsync(store, 10);
        cells.FailuresPerThousand = 100;
        await Assert.ThrowsAsync<RunStoreException>(async () =>
            await store.SaveAsync(new SaveEffect(1, [], [.. Enumerable.Range(10, 500).Select(RunSamples.Outcome)], null), default));
        Assert.True(_cells.Names.Count > 4, $"{_cells.Names.Count} cells: it failed before it had begun");

        var successor = new CellRunStore(_cells, "another", segmentBytes: 1000);
        Assert.Equal(10, (await successor.RecoverAsync(default)).Outcomes.Count);
        var others = Enumerable.Range(10, 300).Select(i => RunSamples.OutcomeOf(i, 1000 + i)).ToArray();
        await successor.SaveAsync(new SaveEffect(1, [], [.. others], null), default);

        Assert.Equal([.. Enumerable.Range(0, 10).Select(RunSamples.Outcome), .. others], (await new CellRunStore(_cells, "third").RecoverAsync(default)).Outcomes);
    }

    private static async Task SaveOneByOneAsync(CellRunStore store, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await store.SaveAsync(new SaveEffect(i, [], [RunSamples.Outcome(i)], null), default);
        }
    }
}
