using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using Xunit;

namespace NasCluster.Testing;

/// <summary>What every <see cref="IRunStore"/> must do; each implementation derives its tests from this.</summary>
public abstract class StoreContract
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero);

    /// <summary>A store of a new run; each test asks once.</summary>
    protected abstract IRunStore New();

    /// <summary>The same run after a clean close, in another store object.</summary>
    protected abstract IRunStore Reopen(IRunStore store);

    /// <summary>Another store object of the same run, opened without closing this one, as after the process of this one died unnoticed.</summary>
    protected abstract IRunStore TakeOver(IRunStore store);

    [Fact]
    public async Task RecoverAsync_NewRun_IsEmpty()
    {
        var recovered = await New().RecoverAsync(default);

        Assert.Null(recovered.Snapshot);
        Assert.Equal(0, recovered.NextLease);
        Assert.Empty(recovered.Outcomes);
    }

    [Fact]
    public async Task SaveAsync_EveryKindOfRecord_ComesBackEqualAfterReopening()
    {
        var store = New();
        OutcomeRecord[] outcomes =
        [
            Outcome(0, 4, EvaluationOutcome.Success([new(double.Epsilon, 0), new(-0.0, 1e-300), new(1.0 / 3, double.MaxValue)], 0.1 + 0.2)),
            Outcome(1, 2, EvaluationOutcome.Failed("the model's \"norm\" is NaN;\nlayer 3 — ünïcode 🦙 '%s'"), OutcomeSource.Parked),
            Outcome(2, 7, EvaluationOutcome.Success([]), OutcomeSource.Remembered),
            new(3, new Trial(new TrialId(long.MaxValue), new Genome([])), new EvaluationKey("k"), EvaluationOutcome.Success([new(5, 0)]), OutcomeSource.Evaluated, DateTimeOffset.MinValue),
        ];
        StartRecord[] starts = [Start(3, 4), Start(3, 2), Start(9, 7) with { Evaluator = new EvaluatorId("silo-ö/gpu 0") }];
        var snapshot = Snapshot(3, 12, 0, 255, 7);

        await store.SaveAsync(new SaveEffect(1, [.. starts], [.. outcomes], snapshot), default);
        store = Reopen(store);

        var recovered = await store.RecoverAsync(default);
        Assert.Equal(outcomes, recovered.Outcomes);
        Assert.Equal(snapshot, recovered.Snapshot);
        Assert.Equal(BitConverter.DoubleToInt64Bits(-0.0), BitConverter.DoubleToInt64Bits(recovered.Outcomes[0].Outcome.Values[1].Value));
        Assert.Equal([starts[1], starts[0], starts[2]], await store.ReadStartsAsync(default));
    }

    [Fact]
    public async Task RecoverAsync_NextLease_IsAboveStartsAndSnapshot()
    {
        var store = New();

        await store.SaveAsync(new SaveEffect(1, [Start(41, 0)], [], null), default);
        Assert.Equal(42, (await store.RecoverAsync(default)).NextLease);

        await store.SaveAsync(new SaveEffect(2, [], [], Snapshot(0, 60)), default);
        Assert.Equal(60, (await store.RecoverAsync(default)).NextLease);
    }

    [Fact]
    public async Task SaveAsync_SentAgain_ChangesNothing()
    {
        var store = New();
        var save = new SaveEffect(1, [Start(0, 0), Start(1, 1)], [Outcome(0, 0), Outcome(1, 1)], Snapshot(2, 5, 1));
        await store.SaveAsync(save, default);

        await store.SaveAsync(save, default);

        var recovered = await store.RecoverAsync(default);
        Assert.Equal([.. save.Outcomes], recovered.Outcomes);
        Assert.Equal(save.Snapshot, recovered.Snapshot);
        Assert.Equal([.. save.Starts], await store.ReadStartsAsync(default));
    }

    [Fact]
    public async Task SaveAsync_OlderSnapshotSentAgain_KeepsTheNewer()
    {
        var store = New();
        var older = new SaveEffect(1, [], [Outcome(0, 0)], Snapshot(1, 5, 1));
        var newer = new SaveEffect(2, [], [Outcome(1, 1)], Snapshot(2, 6, 2));
        await store.SaveAsync(older, default);
        await store.SaveAsync(newer, default);

        await store.SaveAsync(older, default);

        Assert.Equal(newer.Snapshot, (await store.RecoverAsync(default)).Snapshot);
    }

    [Fact]
    public async Task SaveAsync_OtherOutcomeForASequence_IsRefusedForGoodAndKeepsNothingOfTheWrite()
    {
        await RefusedWhole(Outcome(0, 0) with { Outcome = EvaluationOutcome.Success([new(2, 0)]) });
        await RefusedWhole(Outcome(0, 5));
    }

    [Fact]
    public Task SaveAsync_GapInTheLog_IsRefused() => RefusedWhole(Outcome(2, 2));

    [Fact]
    public Task SaveAsync_SecondOutcomeForATrial_IsRefused() => RefusedWhole(Outcome(1, 0) with { Key = new EvaluationKey("other") });

    [Fact]
    public Task SaveAsync_KeyEvaluatedTwice_IsRefused() => RefusedWhole(Outcome(1, 1) with { Key = Outcome(0, 0).Key });

    [Fact]
    public async Task SaveAsync_KeyRememberedOften_IsKept()
    {
        var store = New();
        ImmutableArray<OutcomeRecord> outcomes =
            [Outcome(0, 0), .. Enumerable.Range(1, 3).Select(i => Outcome(i, i, source: OutcomeSource.Remembered) with { Key = Outcome(0, 0).Key })];

        await store.SaveAsync(new SaveEffect(1, [], outcomes, null), default);

        Assert.Equal([.. outcomes], (await store.RecoverAsync(default)).Outcomes);
    }

    [Fact]
    public async Task SaveAsync_OtherStartForALease_IsRefused()
    {
        var store = New();
        await store.SaveAsync(new SaveEffect(1, [Start(0, 0)], [], null), default);

        await RefusedForGood(store, new SaveEffect(2, [Start(0, 0) with { Evaluator = new EvaluatorId("another") }], [], null));

        Assert.Equal([Start(0, 0)], await store.ReadStartsAsync(default));
    }

    [Fact]
    public async Task SaveAsync_SnapshotAheadOfTheLog_IsRefused()
    {
        var store = New();

        await RefusedForGood(store, new SaveEffect(1, [], [Outcome(0, 0)], Snapshot(2, 0)));

        Assert.Empty((await store.RecoverAsync(default)).Outcomes);
    }

    [Fact]
    public async Task SaveAsync_AfterAnotherTookOver_IsRefusedForGood()
    {
        var old = New();
        await old.SaveAsync(new SaveEffect(1, [], [Outcome(0, 0)], null), default);

        var successor = TakeOver(old);

        await RefusedForGood(old, new SaveEffect(2, [], [Outcome(1, 1)], null));
        await successor.SaveAsync(new SaveEffect(1, [], [Outcome(1, 2)], null), default);
        Assert.Equal([Outcome(0, 0), Outcome(1, 2)], (await successor.RecoverAsync(default)).Outcomes);
    }

    [Fact]
    public async Task SaveHypervolumeAsync_Points_ComeBackInOrderAndLatestWins()
    {
        var store = New();
        HypervolumePoint[] points = [new(0, 1, [1.1, -0.0], 0), new(3, 3, [1.1, -0.0], 1.0 / 3), new(7, 6, [1.1, -0.0], 0.5)];
        await store.SaveHypervolumeAsync([points[2], points[0] with { Hypervolume = 9 }], default);

        await store.SaveHypervolumeAsync([points[0], points[1]], default);

        Assert.Equal(points, await Reopen(store).ReadHypervolumeAsync(default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task SaveAsync_ManyWritesSomeRepeatedAndReopened_KeepEveryRecordOnce(int seed)
    {
        var random = new Random(seed);
        var store = New();
        var outcomes = new List<OutcomeRecord>();
        var starts = new List<StartRecord>();
        ControllerSnapshot? snapshot = null;
        for (var write = 0; write < 40; write++)
        {
            var newStarts = Enumerable.Range(starts.Count, random.Next(4)).Select(i => Start(i, i)).ToImmutableArray();
            var newOutcomes = Enumerable.Range(outcomes.Count, random.Next(4)).Select(i => Outcome(
                i, i, EvaluationOutcome.Success([new(random.NextDouble(), random.NextDouble())], random.NextDouble()))).ToImmutableArray();
            starts.AddRange(newStarts);
            outcomes.AddRange(newOutcomes);
            snapshot = random.Next(5) == 0 ? Snapshot(random.Next((int)(snapshot?.Position ?? 0), outcomes.Count + 1), write, (byte)write) : snapshot;
            var save = new SaveEffect(write, newStarts, newOutcomes, snapshot);
            for (var times = random.Next(1, 3); times > 0; times--)
            {
                await store.SaveAsync(save, default);
            }

            store = random.Next(10) == 0 ? Reopen(store) : store;
        }

        var recovered = await store.RecoverAsync(default);
        Assert.Equal(outcomes, recovered.Outcomes);
        Assert.Equal(snapshot, recovered.Snapshot);
        Assert.Equal(starts, await store.ReadStartsAsync(default));
    }

    private static OutcomeRecord Outcome(long sequence, long trial, EvaluationOutcome? outcome = null, OutcomeSource source = OutcomeSource.Evaluated) => new(
        sequence, new Trial(new TrialId(trial), new Genome([(int)trial, 0, 12])), new EvaluationKey($"key-{trial}"),
        outcome ?? EvaluationOutcome.Success([new(trial, 0.5)]), source, Noon.AddTicks(sequence));

    private static StartRecord Start(long lease, long trial) => new(new LeaseId(lease), new TrialId(trial), new EvaluatorId("worker-0"), Noon.AddTicks(lease));

    private static ControllerSnapshot Snapshot(long position, long nextLease, params byte[] bytes) =>
        new(position, nextLease, new SearchSnapshot("test", 3, [.. bytes]));

    private static async Task RefusedForGood(IRunStore store, SaveEffect save)
    {
        var exception = await Assert.ThrowsAnyAsync<RunStoreException>(async () => await store.SaveAsync(save, default));
        Assert.True(exception.IsPermanent, exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }

    /// <summary>Sends a write whose last outcome cannot be accepted after outcome 0, and sees that nothing of it stayed.</summary>
    private async Task RefusedWhole(OutcomeRecord contradiction)
    {
        var store = New();
        await store.SaveAsync(new SaveEffect(1, [Start(0, 0)], [Outcome(0, 0)], Snapshot(0, 1, 1)), default);

        await RefusedForGood(store, new SaveEffect(2, [Start(1, 1)], [contradiction], Snapshot(1, 2, 2)));

        var recovered = await store.RecoverAsync(default);
        Assert.Equal([Outcome(0, 0)], recovered.Outcomes);
        Assert.Equal(Snapshot(0, 1, 1), recovered.Snapshot);
        Assert.Equal([Start(0, 0)], await store.ReadStartsAsync(default));
    }
}
