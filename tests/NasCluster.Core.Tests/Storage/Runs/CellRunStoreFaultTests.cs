using System.Collections.Immutable;
using System.Globalization;
using NasCluster.Core.Control;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Runs;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Storage.Runs;

/// <summary>Runs over storage that fails in every way it can, with owners that die, are taken over, and come back as zombies.</summary>
/// <remarks>The environment variable NASCLUSTER_STORE_SEEDS sets how many plans of failures are gone through.</remarks>
public class CellRunStoreFaultTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, SeedCount())];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task SaveAsync_StorageFails_LosesNothingAndKeepsNothingTwice(int seed)
    {
        var drive = new Drive(seed);

        await drive.RunAsync(steps: 120);

        Assert.True(drive.Cells.Failures > 20, $"only {drive.Cells.Failures} calls failed");
    }

    [Fact]
    public async Task SaveAsync_TenSecondsWithoutStorage_GoesOnAfterwards()
    {
        var time = new VirtualTime();
        var cells = new FaultyStateCells(new MemoryStateCells(), 1, time) { FailuresPerThousand = 0, OutagesPerThousand = 0 };
        var store = new CellRunStore(cells, "one");
        await store.SaveAsync(new SaveEffect(1, [], [RunSamples.Outcome(0)], null), default);
        cells.OutagesPerThousand = 1000;
        var save = new SaveEffect(2, [RunSamples.Start(1)], [RunSamples.Outcome(1)], RunSamples.Snapshot(2));

        var failure = await Assert.ThrowsAsync<RunStoreException>(async () => await store.SaveAsync(save, default));
        cells.OutagesPerThousand = 0;
        time.Advance(TimeSpan.FromSeconds(9));
        await Assert.ThrowsAsync<RunStoreException>(async () => await store.SaveAsync(save, default));
        time.Advance(TimeSpan.FromSeconds(1));
        await store.SaveAsync(save, default);

        Assert.False(failure.IsPermanent);
        Assert.IsType<StateCellException>(failure.InnerException);
        var recovered = await store.RecoverAsync(default);
        Assert.Equal([RunSamples.Outcome(0), RunSamples.Outcome(1)], recovered.Outcomes);
        Assert.Equal(RunSamples.Snapshot(2), recovered.Snapshot);
    }

    private static int SeedCount() =>
        int.TryParse(Environment.GetEnvironmentVariable("NASCLUSTER_STORE_SEEDS"), CultureInfo.InvariantCulture, out var count) ? count : 10;

    /// <summary>A run as its hosts see it, checked after every step against what was answered.</summary>
    private sealed class Drive
    {
        private readonly Random _random;
        private readonly VirtualTime _time = new();
        private readonly MemoryStateCells _truth = new();
        private readonly List<OutcomeRecord> _outcomes = [];
        private readonly List<StartRecord> _starts = [];
        private readonly Dictionary<long, HypervolumePoint> _points = [];
        private ControllerSnapshot? _snapshot;
        private CellRunStore _store;
        private int _owners;
        private int _trials;

        public Drive(int seed)
        {
            _random = new Random(seed);
            Cells = new FaultyStateCells(_truth, seed, _time);
            _store = Another();
        }

        public FaultyStateCells Cells { get; }

        public async Task RunAsync(int steps)
        {
            Check(await Recover(), [], null);
            for (var step = 0; step < steps; step++)
            {
                var save = NextSave(step);
                if (_random.Next(10) > 0)
                {
                    await Try(() => _store.SaveAsync(save, default));
                    Accept(save);
                    await SavePointsAsync();
                }
                else
                {
                    await TakeOverAsync(save);
                }
            }

            await Cells.DeliverAsync();
            Check(await new CellRunStore(_truth, "auditor").RecoverAsync(default), await new CellRunStore(_truth, "reader").ReadStartsAsync(default), null);
            Assert.Equal([.. _points.Values.OrderBy(point => point.Sequence)], await new CellRunStore(_truth, "reader").ReadHypervolumeAsync(default));
        }

        /// <summary>The owner dies with a save under way, another takes over, and the first one wakes up and goes on.</summary>
        private async Task TakeOverAsync(SaveEffect save)
        {
            var zombie = _store;
            var isSaved = false;
            for (var attempts = _random.Next(3); attempts > 0 && !isSaved; attempts--)
            {
                isSaved = await Once(() => zombie.SaveAsync(save, default));
            }

            if (isSaved)
            {
                Accept(save);
            }

            _store = Another();
            var recovered = await Recover();
            var starts = await Try(() => _store.ReadStartsAsync(default));
            Check(recovered, starts, isSaved ? null : save);

            var late = new SaveEffect(-1, [], [RunSamples.OutcomeOf(_outcomes.Count, _trials++)], null);
            var refusal = await Assert.ThrowsAsync<RunTakenOverException>(async () => await Try(() => zombie.SaveAsync(late, default)));
            Assert.True(refusal.IsPermanent, refusal.Message);
            refusal = await Assert.ThrowsAsync<RunTakenOverException>(async () => await zombie.RecoverAsync(default));
            Assert.True(refusal.IsPermanent, refusal.Message);
        }

        private async Task<RecoveredState> Recover() => await Try(() => _store.RecoverAsync(default));

        /// <summary>What is there must be what was answered, and all or nothing of a save that was not.</summary>
        private void Check(RecoveredState recovered, IReadOnlyList<StartRecord> starts, SaveEffect? unanswered)
        {
            if (unanswered is not null && recovered.Outcomes.Count + starts.Count > _outcomes.Count + _starts.Count)
            {
                Accept(unanswered);
            }
            else if (unanswered?.Snapshot is { } snapshot && snapshot.Equals(recovered.Snapshot) && !snapshot.Equals(_snapshot))
            {
                Assert.True(unanswered.Outcomes.IsEmpty && unanswered.Starts.IsEmpty, "a snapshot was kept without its records");
                _snapshot = snapshot;
            }

            Assert.Equal(_outcomes, recovered.Outcomes);
            Assert.Equal(_starts, starts);
            Assert.Equal(_snapshot, recovered.Snapshot);
        }

        private SaveEffect NextSave(int step)
        {
            var outcomes = Enumerable.Range(0, _random.Next(20) == 0 ? 200 : _random.Next(8))
                .Select(i => RunSamples.OutcomeOf(_outcomes.Count + i, _trials++)).ToImmutableArray();
            var starts = Enumerable.Range(0, _random.Next(4)).Select(i => RunSamples.Start(_starts.Count + i)).ToImmutableArray();
            var snapshot = _random.Next(4) == 0 ? RunSamples.Snapshot(_outcomes.Count + outcomes.Length) : null;
            return new SaveEffect(step, starts, outcomes, snapshot);
        }

        private void Accept(SaveEffect save)
        {
            _outcomes.AddRange(save.Outcomes);
            _starts.AddRange(save.Starts);
            _snapshot = save.Snapshot ?? _snapshot;
        }

        private async Task SavePointsAsync()
        {
            if (_random.Next(3) == 0)
            {
                var points = Enumerable.Range(0, _random.Next(6)).Select(_ => RunSamples.Point(_random.Next(300), _random.NextDouble())).ToList();
                await Try(() => _store.SaveHypervolumeAsync(points, default));
                points.ForEach(point => _points[point.Sequence] = point);
            }
        }

        private CellRunStore Another() => new(Cells, $"owner-{_owners++}", segmentBytes: 2000);

        private async Task Try(Func<ValueTask> call) => await Try(async () =>
        {
            await call();
            return true;
        });

        private async Task<T> Try<T>(Func<ValueTask<T>> call)
        {
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    return await call();
                }
                catch (RunStoreException exception) when (!exception.IsPermanent && attempt < 500)
                {
                    _time.Advance(TimeSpan.FromSeconds(1));
                }
            }
        }

        private async Task<bool> Once(Func<ValueTask> call)
        {
            try
            {
                await call();
                return true;
            }
            catch (RunStoreException exception) when (!exception.IsPermanent)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return false;
            }
        }
    }
}
