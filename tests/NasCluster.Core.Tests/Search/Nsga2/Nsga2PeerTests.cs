using System.Text.Json;
using NasCluster.Core.Pareto;
using NasCluster.Core.Search;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Testing;
using NasCluster.Testing.Problems;

namespace NasCluster.Core.Tests.Search.Nsga2;

// The full comparison, of 11 seeds, is a command of the benchmarks project:
//   dotnet run -c Release --project tests/NasCluster.Benchmarks -- nsga2
public class Nsga2PeerTests
{
    private static readonly string PeerFile =
        Path.Combine(SharedData.RepositoryRoot, "tests", "NasCluster.Benchmarks", "peers", "nsga2", "deap.json");

    public static TheoryData<string> Problems => [.. IntegerProblem.All.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Problems))]
    public void Run_TestProblem_ReachesAtLeast99PercentOfThePeersMedian(string name)
    {
        var problem = IntegerProblem.All.Single(p => p.Name == name);
        var volume = VolumeOf(problem);
        double[] volumes = [.. Enumerable.Range(1, 3).Select(seed => volume.Of(FinalFront(problem, (ulong)seed))).Order()];
        using var peer = JsonDocument.Parse(File.ReadAllText(PeerFile));
        var median = peer.RootElement.GetProperty("problems").GetProperty(name).GetProperty("median").GetDouble();

        Assert.InRange(volumes[1], 0.99 * median, 1.02 * median);
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Hypervolume_ThePeersFront_EqualsThePeersVolume(string name)
    {
        using var peer = JsonDocument.Parse(File.ReadAllText(PeerFile));
        var figures = peer.RootElement.GetProperty("problems").GetProperty(name);
        var front = figures.GetProperty("frontOfSeed1").EnumerateArray()
            .Select(p => (double[])[.. p.EnumerateArray().Select(v => v.GetDouble())]);
        var expected = figures.GetProperty("hypervolumes")[0].GetDouble();

        Assert.Equal(expected, VolumeOf(IntegerProblem.All.Single(p => p.Name == name)).Of(front), 12);
    }

    private static Hypervolume VolumeOf(IntegerProblem problem) => new(problem.Objectives, [.. problem.Objectives.Select(_ => 1.1)]);

    private static IEnumerable<double[]> FinalFront(IntegerProblem problem, ulong seed)
    {
        var options = new SearchOptions { Objectives = [.. problem.Objectives], Budget = 20_000, Seed = seed };
        var algorithm = new Nsga2Options { PopulationSize = 100, MutationAlwaysMoves = false };
        var search = (Nsga2Search)Searches.Create(algorithm, options, problem.Space);
        SearchDriver.Run(search, trial => problem.Outcome(trial.Genome));
        return search.Population.Select(i => i.Objectives);
    }
}
