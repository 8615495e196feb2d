using System.Security.Cryptography;
using NasCluster.Core.Search;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Search.RandomSearch;
using NasCluster.Core.Spaces;

namespace NasCluster.Core.Tests.Search;

public class SearchesTests
{
    private static readonly IntegerSpace Space = new([3, 5, 1, 9]);

    private static readonly SearchOptions Options = new()
    {
        Objectives = [new Objective("loss", ObjectiveDirection.Minimise, ObjectiveKind.Scored)],
        Budget = 30,
        Seed = 8,
        InitialGenomes = [new Genome([2, 4, 0, 8])],
    };

    private static readonly Nsga2Options Algorithm = new() { PopulationSize = 6 };

    public static TheoryData<string> Changes =>
    [
        "seed", "budget", "objective name", "direction", "objective count", "initial genome", "in flight",
        "cardinality", "gene count", "population", "mutation rate", "mode", "crossover", "mutation moves", "retries",
    ];

    [Fact]
    public void Create_SeveralProblems_NamesThemAll()
    {
        var exception = Assert.Throws<NasClusterException>(
            () => Searches.Create(Algorithm with { CrossoverProbability = 1.4 }, Options with { Budget = 0 }, Space));

        Assert.Equal(
            "The search cannot start: Budget is 0; it must be in [1, 1000000]. CrossoverProbability is 1.4; it must be in [0, 1].",
            exception.Message);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Restore_AnythingChanged_Throws(string change)
    {
        var snapshot = Began().Snapshot();
        var objective = Options.Objectives[0];
        var (algorithm, options, space) = change switch
        {
            "seed" => (Algorithm, Options with { Seed = 9 }, Space),
            "budget" => (Algorithm, Options with { Budget = 31 }, Space),
            "objective name" => (Algorithm, Options with { Objectives = [objective with { Name = "speed" }] }, Space),
            "direction" => (Algorithm, Options with { Objectives = [objective with { Direction = ObjectiveDirection.Maximise }] }, Space),
            "objective count" => (Algorithm, Options with { Objectives = [objective, objective with { Name = "speed" }] }, Space),
            "initial genome" => (Algorithm, Options with { InitialGenomes = [new Genome([2, 4, 0, 7])] }, Space),
            "in flight" => (Algorithm, Options with { InFlight = 1 }, Space),
            "cardinality" => (Algorithm, Options, new IntegerSpace([5, 5, 1, 9])),
            "gene count" => (Algorithm, Options with { InitialGenomes = [new Genome([2, 4, 0, 8, 0])] }, new IntegerSpace([3, 5, 1, 9, 1])),
            "population" => (Algorithm with { PopulationSize = 7 }, Options, Space),
            "mutation rate" => (Algorithm with { MutationGeneProbability = 0.25 }, Options, Space),
            "mode" => (Algorithm with { Mode = Nsga2Mode.SteadyState }, Options, Space),
            "crossover" => (Algorithm with { Crossover = Nsga2Crossover.Uniform }, Options, Space),
            "mutation moves" => (Algorithm with { MutationAlwaysMoves = false }, Options, Space),
            _ => (Algorithm with { DuplicateRetries = 1 }, Options, Space),
        };

        var exception = Assert.Throws<NasClusterException>(() => Searches.Restore(algorithm, options, space, snapshot));
        Assert.Contains("other options, another seed or another space", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_OtherAlgorithmOrVersion_Throws()
    {
        var snapshot = Began().Snapshot();

        Assert.Contains(
            "is of algorithm nsga2; this search is random",
            Assert.Throws<NasClusterException>(() => Searches.Restore(new RandomSearchOptions(), Options, Space, snapshot)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "has version 99; this program reads version 1",
            Assert.Throws<NasClusterException>(() => Searches.Restore(Algorithm, Options, Space, snapshot with { Version = 99 })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_AnyByteChangedOrCutOff_Throws()
    {
        var snapshot = Began().Snapshot();
        for (var i = 0; i < snapshot.Bytes.Length; i++)
        {
            var changed = snapshot with { Bytes = snapshot.Bytes.SetItem(i, (byte)(snapshot.Bytes[i] ^ 0x10)) };
            var cut = snapshot with { Bytes = snapshot.Bytes[..i] };
            Assert.Throws<NasClusterException>(() => Searches.Restore(Algorithm, Options, Space, changed));
            Assert.Throws<NasClusterException>(() => Searches.Restore(Algorithm, Options, Space, cut));
        }
    }

    /// <summary>What a checksum cannot catch: a state that was never written so. It must be refused, and never crash or hang.</summary>
    [Fact]
    public void Restore_StateChangedUnderAValidChecksum_ThrowsOrRestores()
    {
        var refused = 0;
        foreach (var snapshot in new[] { Began().Snapshot(), Searches.Create(new RandomSearchOptions(), Options, Space).Snapshot() })
        {
            AlgorithmOptions algorithm = snapshot.Algorithm == "random" ? new RandomSearchOptions() : Algorithm;
            for (var i = 32; i < snapshot.Bytes.Length - 32; i++)
            {
                foreach (var value in new byte[] { 0, 0x7F, 0xFF })
                {
                    var body = snapshot.Bytes.SetItem(i, value)[..^32];
                    var changed = snapshot with { Bytes = [.. body, .. SHA256.HashData(body.AsSpan())] };
                    try
                    {
                        Searches.Restore(algorithm, Options, Space, changed);
                    }
                    catch (NasClusterException)
                    {
                        refused++;
                    }
                }
            }
        }

        Assert.True(refused > 50, $"{refused} were refused.");
    }

    [Fact]
    public void Snapshot_ManyTrials_StaysSmall()
    {
        var space = new IntegerSpace([3, .. Enumerable.Repeat(2, 32)]);
        var search = Searches.Create(new RandomSearchOptions(), Options with { Budget = 20_000, InitialGenomes = [] }, space);
        foreach (var trial in search.Ask(20_000))
        {
            search.Tell(trial.Id, EvaluationOutcome.Failed("x"));
        }

        Assert.InRange(search.Snapshot().Bytes.Length, 34 * 20_000 / 8, 90_000);
    }

    private static ISearch Began()
    {
        var search = Searches.Create(Algorithm, Options, Space);
        foreach (var trial in search.Ask(6).Concat(search.Ask(6)).Take(4))
        {
            search.Tell(trial.Id, EvaluationOutcome.Success([new ObjectiveValue(trial.Genome.Genes.Sum(), 0)]));
        }

        return search;
    }
}
