using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using NasCluster.Contracts.Data;
using NasCluster.Contracts.Evaluators;
using NasCluster.Contracts.Searches;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using Orleans.Serialization;

namespace NasCluster.Cluster.Tests.Wire;

/// <summary>Everything that crosses the wire arrives as it was, bit for bit, and is written as older silos read it.</summary>
public sealed class WireRoundTripTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, 123, TimeSpan.FromHours(2));
    private static readonly Trial Trial = new(new TrialId(7), new Genome([3, 0, int.MaxValue]));
    private static readonly EvaluationOutcome Outcome = EvaluationOutcome.Success(
        [new(double.Epsilon, 0), new(-0.0, 1e-300), new(1.0 / 3, double.MaxValue), new(-1.5, 0.25)], 0.1 + 0.2);

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private static readonly SearchDefinition Definition = new()
    {
        Name = "first",
        Specification = "model: small-world\n",
        Prepared = "{\"schema\": 1}",
        Weight = 2.5,
        Started = Noon,
    };

    private static readonly OutcomeRecord Record = new(3, Trial, new EvaluationKey("key-ü"), Outcome, OutcomeSource.Remembered, Noon);
    private static readonly HypervolumePoint Point = new(2, 3, [1.1, -0.0], 1.0 / 3);

    private static readonly EvaluatorTally Tally = new(1L << 40, 5, TimeSpan.FromSeconds(1.5));

    /// <summary>A value of every kind, and those at the edge of their kind.</summary>
    private static readonly Dictionary<string, object> Values = new()
    {
        ["trial-id"] = new TrialId(long.MaxValue),
        ["trial-id-default"] = default(TrialId),
        ["lease-id"] = new LeaseId(42),
        ["evaluator-id"] = new EvaluatorId("silo-ö/gpu 0"),
        ["evaluator-id-default"] = default(EvaluatorId),
        ["evaluation-key"] = new EvaluationKey("0123abcd"),
        ["evaluation-key-default"] = default(EvaluationKey),
        ["search-id"] = new SearchId("first"),
        ["search-id-default"] = default(SearchId),
        ["trial"] = Trial,
        ["trial-empty"] = new Trial(new TrialId(0), new Genome([])),
        ["outcome"] = Outcome,
        ["outcome-empty"] = EvaluationOutcome.Success([]),
        ["outcome-failed"] = EvaluationOutcome.Failed("layer 3 is NaN;\n\"ünïcode\" 🦙"),
        ["record"] = Record,
        ["record-parked"] = Record with { Outcome = EvaluationOutcome.Failed("no"), Source = OutcomeSource.Parked, At = DateTimeOffset.MinValue },
        ["objective"] = new Objective("latency_ms", ObjectiveDirection.Minimise, ObjectiveKind.Measured),
        ["hypervolume-point"] = Point,
        ["hypervolume-point-empty"] = new HypervolumePoint(0, 0, [], -0.0),
        ["announcement"] = new EvaluatorAnnouncement(new EvaluatorId("s/cpu"), 7, "s", 8, ["a", "b"], ["a"], true),
        ["announcement-serves-all"] = new EvaluatorAnnouncement(new EvaluatorId("s/cpu"), 7, "s", 8, null, [], false),
        ["announcement-counted"] = new EvaluatorAnnouncement(new EvaluatorId("s/cpu"), 7, "s", 8, null, ["a"], false) { InHand = 3, Tally = Tally },
        ["tally"] = Tally,
        ["claim"] = new LoanClaim(new EvaluatorId("s/cpu"), 7, 8, true),
        ["enlistment"] = new Enlistment(new SearchId("first"), 9, 0.5, "f00d", 3, [new(new EvaluatorId("s/cpu"), 7, 8, false)]),
        ["enlistment-empty"] = new Enlistment(new SearchId("first"), 0, double.MaxValue, "f00d", 0, []),
        ["loan"] = new Loan(new EvaluatorId("s/cpu"), 7, 8, true),
        ["sheet"] = new LoanSheet(9, [new(new EvaluatorId("s/cpu"), 7, 8, false), new(new EvaluatorId("t/cuda-1"), 8, 1, true)]),
        ["listing"] = new EvaluatorListing(new EvaluatorId("s/cpu"), "s", 8, ["a"], false, new SearchId("first"), true, true),
        ["listing-nobody"] = new EvaluatorListing(new EvaluatorId("s/cpu"), null, 8, [], true, null, false, false),
        ["listing-counted"] = new EvaluatorListing(new EvaluatorId("s/cpu"), "s", 8, ["a"], false, null, false, false) { InHand = 3, Tally = Tally },
        ["report"] = new TrialReport(new TrialId(7), Outcome),
        ["assignment"] = new Assignment { Search = "first", Prepared = "{}", Lease = new LeaseId(4), LeaseDuration = TimeSpan.FromSeconds(20), Trials = [Trial] },
        ["definition"] = Definition,
        ["page"] = new ArchivePage([Record], [Point], 250),
        ["page-empty"] = new ArchivePage([], [], 0),
        ["front"] = new FrontFigures(12, 1.0 / 3, [0.1 + 0.2, -0.0]),
        ["front-empty"] = new FrontFigures(0, null, []),
        ["summary"] = new SearchSummary("first", SearchState.Failed, Noon, "no such model"),
        ["standing"] = new SearchStanding(SearchState.Paused),
        ["progress"] = new SearchProgress
        {
            Definition = Definition,
            State = SearchState.Completed,
            Reason = null,
            Objectives = [new("copying", ObjectiveDirection.Maximise, ObjectiveKind.Scored)],
            Recorded = 3,
            Budget = 250,
            BusyEvaluators = 1,
            Evaluators = 2,
            Queued = 4,
            Notices = ["one", "two"],
            Configuration = "{}",
            Provenance = ImmutableSortedDictionary<string, string>.Empty.Add("engine", "cpu"),
        },
        ["progress-staged"] = new SearchProgress { Definition = Definition, Stage = "policy_gradient", Stages = ["{\"stage\":\"importance\"}"] },
        ["stage"] = new StageStanding(true, new string('a', 64), "{\"stage\":\"importance\"}"),
        ["stage-under-way"] = new StageStanding(false),
        ["orders"] = new SearchOrders([1, 0], [[0], []], [[1, 0], []], [[2, 0, 1], [0]]),
        ["stored-data"] = new StoredData(StoredDataKind.Data, "text", new string('a', 64), 1L << 40, Noon),
        ["content-cell"] = new ContentCell([0, 255, 10], "\"0x8D\""),
        ["content-cell-empty"] = new ContentCell([], "1"),
    };

    /// <summary>The bytes that each of them was written as, in hexadecimal: by the silos of old, and in the last line of its name by those of now.</summary>
    private static readonly ILookup<string, string> Bytes = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Wire", "bytes.txt"))
        .Select(line => line.Split(' ')).ToLookup(parts => parts[0], parts => parts[1]);

    public static TheoryData<string> Names => [.. Values.Keys];

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Serialize_Value_ComesBackEqual(string name)
    {
        var value = Values[name];
        var serializer = _services.GetRequiredService<Serializer>();

        var there = serializer.Deserialize<object>(serializer.SerializeToArray(value));

        Assert.Equal(Exact.Text(value), Exact.Text(there));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Copy_Value_IsEqual(string name)
    {
        var value = Values[name];

        Assert.Equal(Exact.Text(value), Exact.Text(_services.GetRequiredService<DeepCopier>().Copy(value)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Serialize_Value_IsWrittenAsEver(string name)
    {
        Assert.Equal(Bytes[name].Last(), Convert.ToHexString(_services.GetRequiredService<Serializer>().SerializeToArray(Values[name])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Deserialize_BytesOfAnOlderSilo_AreUnderstood(string name)
    {
        var serializer = _services.GetRequiredService<Serializer>();

        Assert.NotEmpty(Bytes[name]);
        Assert.All(Bytes[name], bytes => Assert.Equal(Exact.Text(Values[name]), Exact.Text(serializer.Deserialize<object>(Convert.FromHexString(bytes)))));
    }

    [Fact]
    public void Bytes_OfNoValue_AreAmongThem() => Assert.Empty(Bytes.Select(b => b.Key).Except(Values.Keys));

    [Fact]
    public void Values_EveryTypeThatCrossesTheWire_IsAmongThem()
    {
        var contracts = typeof(SearchDefinition).Assembly;
        var own = contracts.GetTypes().Where(t => t.IsDefined(typeof(GenerateSerializerAttribute), false) && !t.Name.EndsWith("Surrogate", StringComparison.Ordinal));
        var domain = contracts.GetTypes().SelectMany(t => t.GetInterfaces())
            .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IConverter<,>)).Select(i => i.GenericTypeArguments[0]);
        var seen = Values.Values.Select(v => v.GetType()).ToHashSet();

        Assert.Empty(own.Concat(domain).Where(t => !seen.Contains(t)).Select(t => t.FullName));
    }
}
