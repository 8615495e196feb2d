using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Search;
using NasCluster.Embedded.Storage;
using NasCluster.Testing;

namespace NasCluster.Embedded.Tests.Storage;

public sealed class ReportValuesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Run => _directory.At("run");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Save_AnyFiniteValues_ReadBackToTheSameBits()
    {
        var random = new Random(4);
        double[] special = [0, -0.0, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 0.1, 5e-324 * 3];
        using var run = await WithOutcomes(200);
        var values = Enumerable.Range(0, 200).Select(i => Of(i, Any(i), Math.Abs(Any(i + 1)), Any(i + 2), 0)).ToArray();

        run.SaveReportValues(values);
        run.Dispose();

        using var reader = RunReader.Open(Run);
        var read = reader.ReadReportValues();
        Assert.Equal(values.Select(v => v.Key), read.Keys.Order());
        Assert.All(values, v => Assert.Equal(Bits(v.Value), Bits(read[v.Key])));
        using var again = RunDirectory.Open(Run, TimeProvider.System);
        Assert.All(values, v => Assert.Equal(Bits(v.Value), Bits(again.ReadReportValues()[v.Key])));

        double Any(int i) => i % 3 == 0 ? special[i / 3 % special.Length] : BitConverter.Int64BitsToDouble(random.NextInt64() & ~(1L << 62));
    }

    [Fact]
    public async Task Save_TrialThatHasValues_KeepsTheFirst()
    {
        using var run = await WithOutcomes(3);

        run.SaveReportValues([Of(0, 1, 0.5, 2, 0)]);
        run.SaveReportValues([Of(0, 9, 9, 9, 9), Of(2, 7, 0, 8, 0)]);

        var read = run.ReadReportValues();
        Assert.Equal([new TrialId(0), new TrialId(2)], read.Keys);
        Assert.Equal([new(1, 0.5), new(2, 0)], read[new TrialId(0)].AsEnumerable());
        Assert.Equal([new(7, 0), new(8, 0)], read[new TrialId(2)].AsEnumerable());
    }

    [Fact]
    public async Task Save_NothingAtAll_IsNoHarm()
    {
        using var run = await WithOutcomes(1);
        run.SaveReportValues([]);
        Assert.Empty(run.ReadReportValues());
    }

    [Fact]
    public async Task Save_UnknownTrial_IsRefusedAndNothingOfItKept()
    {
        using var run = await WithOutcomes(2);

        var exception = Assert.ThrowsAny<NasClusterException>(() => run.SaveReportValues([Of(0, 1, 0, 2, 0), Of(5, 1, 0, 2, 0)]));

        Assert.Equal($"'{Run}/run.db': the write contradicts what is recorded (trial 5 has 2 values on the report set and no outcome).", exception.Message);
        Assert.Empty(run.ReadReportValues());
        run.SaveReportValues([Of(0, 1, 0, 2, 0)]);
        Assert.Single(run.ReadReportValues());
    }

    [Fact]
    public async Task Save_OtherNumberOfValuesOrAFailedTrial_IsRefused()
    {
        using var run = await WithOutcomes(1);
        await run.Store.SaveAsync(new SaveEffect(1, [], [Samples.Outcome(1) with { Outcome = EvaluationOutcome.Failed("no memory") }], null), default);

        var few = Assert.ThrowsAny<NasClusterException>(() => run.SaveReportValues([KeyValuePair.Create(new TrialId(0), ImmutableArray.Create(new ObjectiveValue(1, 0)))]));
        var failed = Assert.ThrowsAny<NasClusterException>(() => run.SaveReportValues([Of(1, 1, 0, 2, 0)]));

        Assert.Contains("(trial 0 has 1 values on the report set and 2 on the search set)", few.Message, StringComparison.Ordinal);
        Assert.Contains("(trial 1 has 2 values on the report set and 0 on the search set)", failed.Message, StringComparison.Ordinal);
        Assert.Empty(run.ReadReportValues());
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(double.PositiveInfinity, 0)]
    [InlineData(1, double.NaN)]
    [InlineData(1, -1)]
    public async Task Save_ValueNotFinite_IsRefusedAndTheRunStaysUsable(double value, double error)
    {
        using var run = await WithOutcomes(1);

        Assert.Throws<ArgumentException>(() => run.SaveReportValues([Of(0, value, error, 2, 0)]));

        run.SaveReportValues([Of(0, 1, 0, 2, 0)]);
        Assert.Single(run.ReadReportValues());
    }

    [Fact]
    public async Task Read_WhileAWriterHasTheRunOpen_SeesThemAsSoonAsTheyAreSaved()
    {
        using var run = await WithOutcomes(2);
        using var reader = RunReader.Open(Run);
        Assert.Empty(reader.ReadReportValues());

        run.SaveReportValues([Of(1, 3, 0.25, 4, 0)]);

        Assert.Equal([new(3, 0.25), new(4, 0)], reader.ReadReportValues()[new TrialId(1)].AsEnumerable());
        run.SaveReportValues([Of(0, 3, 0.25, 4, 0)]);
        Assert.Equal(2, reader.ReadReportValues().Count);
    }

    [Fact]
    public async Task Save_AfterAnotherTookTheRunOver_IsRefused()
    {
        using var run = await WithOutcomes(1);
        using var later = new SqliteRunStore(RunFiles.Database(Run), DateTimeOffset.UnixEpoch);

        var exception = Assert.Throws<RunTakenOverException>(() => run.SaveReportValues([Of(0, 1, 0, 2, 0)]));

        Assert.True(exception.IsPermanent);
        Assert.Empty(later.ReadReportValues());
    }

    [Theory]
    [InlineData("UPDATE report_values SET objective_values = x'00'")]
    [InlineData("UPDATE report_values SET objective_values = x'00000000000000000000000000000000'")]
    [InlineData("UPDATE report_values SET objective_values = x'000000000000f87f000000000000000000000000000000000000000000000000'")]
    [InlineData("PRAGMA foreign_keys = OFF; UPDATE report_values SET trial = 77")]
    public async Task Read_SenselessRows_AreRefused(string alteration)
    {
        using (var run = await WithOutcomes(1))
        {
            run.SaveReportValues([Of(0, 1, 0, 2, 0)]);
        }

        using (var connection = new SqliteConnection($"Data Source={Run}/run.db;Pooling=False"))
        {
            connection.Open();
            RunDatabase.Execute(connection, alteration);
        }

        using var reader = RunReader.Open(Run);
        var exception = Assert.Throws<RunStoreException>(() => reader.ReadReportValues());
        Assert.True(exception.IsPermanent);
        Assert.StartsWith($"'{Run}/run.db' is damaged: row 0 of ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    private async Task<RunDirectory> WithOutcomes(int count)
    {
        var run = RunDirectory.Create(Run, Samples.Specification, TimeProvider.System);
        await run.Store.SaveAsync(Samples.Save(0, count), default);
        return run;
    }

    private static KeyValuePair<TrialId, ImmutableArray<ObjectiveValue>> Of(long trial, double first, double firstError, double second, double secondError) =>
        KeyValuePair.Create(new TrialId(trial), ImmutableArray.Create(new ObjectiveValue(first, firstError), new ObjectiveValue(second, secondError)));

    private static long[] Bits(ImmutableArray<ObjectiveValue> values) =>
        [.. values.SelectMany(v => new[] { BitConverter.DoubleToInt64Bits(v.Value), BitConverter.DoubleToInt64Bits(v.StandardError) })];
}
