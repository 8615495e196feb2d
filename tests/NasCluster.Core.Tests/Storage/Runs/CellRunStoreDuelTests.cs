using NasCluster.Core.Control;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Runs;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Storage.Runs;

/// <summary>Several owners at once, in orders that a seed decides.</summary>
public class CellRunStoreDuelTests
{
    [Fact]
    public async Task SaveAsync_OwnersTakeTheRunFromEachOther_KeepsExactlyWhatWasAnswered()
    {
        var takenOver = 0;
        for (var seed = 0; seed < 150; seed++)
        {
            var truth = new MemoryStateCells();
            var cells = new SteppedStateCells(truth);
            var random = new Random(seed);
            var answered = new Dictionary<long, OutcomeRecord>();
            await cells.RunAsync(random, [.. Enumerable.Range(0, 4).Select<int, Func<Task>>(owner => () => OwnAsync(owner))]);

            var recovered = await new CellRunStore(truth, "auditor").RecoverAsync(default);
            Assert.Equal(Enumerable.Range(0, recovered.Outcomes.Count).Select(i => (long)i), recovered.Outcomes.Select(o => o.Sequence));
            Assert.All(answered, pair => Assert.Equal(pair.Value, recovered.Outcomes[(int)pair.Key]));
            Assert.True(recovered.Snapshot is null || recovered.Outcomes[(int)recovered.Snapshot.Position - 1].Trial.Id.Value % 256 == recovered.Snapshot.Search.Bytes[0]);

            async Task OwnAsync(int owner)
            {
                var store = new CellRunStore(cells, $"owner-{owner}", segmentBytes: 400);
                try
                {
                    var next = (await store.RecoverAsync(default)).Outcomes.Count;
                    for (var save = 0; save < 6; save++)
                    {
                        // Each owner has trials of its own, so that a record shows whose it is.
                        var outcomes = Enumerable.Range(next, 1 + save).Select(sequence => RunSamples.OutcomeOf(sequence, (owner * 1000) + sequence)).ToArray();
                        var last = outcomes[^1];
                        var snapshot = new ControllerSnapshot(last.Sequence + 1, 1, new("test", 1, [(byte)last.Trial.Id.Value]));
                        await store.SaveAsync(new SaveEffect(save, [], [.. outcomes], save % 2 == 0 ? snapshot : null), default);
                        next += outcomes.Length;
                        foreach (var outcome in outcomes)
                        {
                            Assert.True(answered.TryAdd(outcome.Sequence, outcome), $"seed {seed}: sequence {outcome.Sequence} was answered to two owners");
                        }
                    }
                }
                catch (RunStoreException exception)
                {
                    Assert.True(exception.IsPermanent, exception.Message);
                    Assert.Contains("taken over", exception.Message, StringComparison.Ordinal);
                    takenOver++;
                }
            }
        }

        Assert.InRange(takenOver, 150, 600);
    }

    [Fact]
    public async Task RecoverAsync_TakenOverBeforeItReadTheSnapshot_IsNotTakenForDamage()
    {
        var truth = new MemoryStateCells();
        await new CellRunStore(truth, "first").SaveAsync(new SaveEffect(1, [], [RunSamples.Outcome(0), RunSamples.Outcome(1)], RunSamples.Snapshot(1)), default);
        var isTaken = false;
        var cells = new InterruptedStateCells(truth, "snapshot-0", async () =>
        {
            isTaken = true;
            var successor = new CellRunStore(truth, "successor");
            await successor.RecoverAsync(default);
            await successor.SaveAsync(new SaveEffect(1, [], [RunSamples.Outcome(2)], RunSamples.Snapshot(2)), default);
            await successor.SaveAsync(new SaveEffect(2, [], [RunSamples.Outcome(3)], RunSamples.Snapshot(3)), default);
        });

        var exception = await Assert.ThrowsAsync<RunTakenOverException>(async () => await new CellRunStore(cells, "zombie").RecoverAsync(default));

        Assert.True(isTaken);
        Assert.Contains("taken over by another, 'successor'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadStartsAsync_WhileTheOwnerWrites_SeesASoundPrefix()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var cells = new SteppedStateCells(new MemoryStateCells());
            var reads = new List<int>();
            await cells.RunAsync(new Random(seed), WriteAsync, ReadAsync, ReadAsync);
            Assert.Equal(10, reads.Count);

            async Task WriteAsync()
            {
                var store = new CellRunStore(cells, "owner", segmentBytes: 100);
                for (var lease = 0; lease < 30; lease += 3)
                {
                    await store.SaveAsync(new SaveEffect(lease, [.. Enumerable.Range(lease, 3).Select(RunSamples.Start)], [], null), default);
                }
            }

            async Task ReadAsync()
            {
                var reader = new CellRunStore(cells, "reader", segmentBytes: 100);
                for (var i = 0; i < 5; i++)
                {
                    var starts = await reader.ReadStartsAsync(default);
                    Assert.Equal(Enumerable.Range(0, starts.Count).Select(RunSamples.Start), starts);
                    Assert.Equal(0, starts.Count % 3);
                    reads.Add(starts.Count);
                }
            }
        }
    }

    /// <summary>Cells of which one is read only after something else has happened.</summary>
    private sealed class InterruptedStateCells(IStateCells inner, string name, Func<Task> before) : IStateCells
    {
        public async ValueTask<StateCell?> ReadAsync(string read, CancellationToken cancellation)
        {
            if (read == name)
            {
                await before();
            }

            return await inner.ReadAsync(read, cancellation);
        }

        public ValueTask<string> WriteAsync(string written, ReadOnlyMemory<byte> bytes, string? version, CancellationToken cancellation) =>
            inner.WriteAsync(written, bytes, version, cancellation);

        public ValueTask DeleteAsync(string deleted, string version, CancellationToken cancellation) => inner.DeleteAsync(deleted, version, cancellation);
    }
}
