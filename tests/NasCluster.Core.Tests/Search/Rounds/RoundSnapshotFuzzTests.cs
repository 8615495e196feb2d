using System.Collections.Immutable;
using System.Security.Cryptography;
using NasCluster.Core.Search;
using NasCluster.Core.Search.Ehvi;
using NasCluster.Core.Search.Linas;
using NasCluster.Testing.Fuzzing;
using NasCluster.Testing.Problems;
using Xunit.Abstractions;

namespace NasCluster.Core.Tests.Search.Rounds;

public class RoundSnapshotFuzzTests(ITestOutputHelper output)
{
    private const int HashSize = SHA256.HashSizeInBytes;

    private static readonly SmallWorldTable Table = SmallWorldTable.Read();

    private static readonly SearchOptions Options = new() { Objectives = SmallWorldTable.Objectives, Budget = 40, Seed = 1 };

    private static readonly AlgorithmOptions[] Algorithms =
    [
        new LinasOptions { PopulationSize = 8, InnerEvaluations = 50, EarlyStopRounds = 3 },
        new LinasOptions { PopulationSize = 8, InnerEvaluations = 50, Start = SearchStart.Knapsack },
        new EhviOptions { PopulationSize = 8, BatchSize = 4, InnerEvaluations = 50 },
    ];

    /// <summary>3,000 damaged snapshots of each algorithm, of which the checksum stops all; NASCLUSTER_FUZZ=100000 tries that many.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Restore_Damaged_IsRefusedInOneLine(int algorithm)
    {
        var seeds = Seeds(Algorithms[algorithm]);
        output.WriteLine(Fuzzer.Run(seeds, bytes => Restore(Algorithms[algorithm], bytes)).ToString());
    }

    /// <summary>3,000 of each whose state is damaged under hashes that match: what is accepted must be a search that goes on and can be written.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Restore_DamagedUnderItsChecksum_IsRefusedInOneLineOrGoesOn(int algorithm)
    {
        var whole = Seeds(Algorithms[algorithm]);
        var fingerprint = whole[0][..HashSize];
        var report = Fuzzer.Run([.. whole.Select(b => b[HashSize..^HashSize])], state =>
        {
            byte[] body = [.. fingerprint, .. state];
            var search = Restore(Algorithms[algorithm], [.. body, .. SHA256.HashData(body)]);
            Assert.Equal(Math.Min(1, search.Available), search.Ask(1).Count);
            Assert.Equal(Algorithms[algorithm].Algorithm, search.Snapshot().Algorithm);
        });
        output.WriteLine(report.ToString());
        Assert.True(report.Accepted > 0);
    }

    private static ISearch Restore(AlgorithmOptions algorithm, byte[] bytes) => Searches.Restore(
        algorithm, Options, SmallWorldTable.Space, new SearchSnapshot(algorithm.Algorithm, algorithm.SnapshotVersion, [.. bytes]));

    /// <summary>At the start, within a round, and at the end.</summary>
    private static byte[][] Seeds(AlgorithmOptions algorithm)
    {
        var search = Searches.Create(algorithm, Options, SmallWorldTable.Space);
        List<ImmutableArray<byte>> snapshots = [search.Snapshot().Bytes];
        for (var told = 0; !search.IsFinished; told++)
        {
            var trial = search.Ask(1)[0];
            search.Tell(trial.Id, told % 7 == 3 ? EvaluationOutcome.Failed("no") : Table.Outcome(trial.Genome));
            if (told == 21)
            {
                snapshots.Add(search.Snapshot().Bytes);
            }
        }

        snapshots.Add(search.Snapshot().Bytes);
        return [.. snapshots.Select(s => s.ToArray())];
    }
}
