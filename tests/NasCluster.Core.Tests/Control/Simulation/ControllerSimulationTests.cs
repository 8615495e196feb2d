using System.Globalization;
using Xunit.Abstractions;

namespace NasCluster.Core.Tests.Control.Simulation;

/// <summary>The real controller in a world of faults.</summary>
/// <remarks>
/// <c>NASCLUSTER_SIMULATION_SEEDS=10000</c> runs that many seeds; <c>NASCLUSTER_SIMULATION_SEED=n</c> replays one and prints
/// what happened.
/// </remarks>
public sealed class ControllerSimulationTests(ITestOutputHelper output)
{
    private const int DefaultSeeds = 500;

    [Fact]
    public void Run_ManySeeds_KeepsEveryInvariantAndEndsAsUndisturbed()
    {
        if (Number("NASCLUSTER_SIMULATION_SEED") is { } one)
        {
            new SimulatedWorld(one, output.WriteLine).Run();
            return;
        }

        var counts = new SortedDictionary<string, long>();
        var seeds = Number("NASCLUSTER_SIMULATION_SEEDS") ?? DefaultSeeds;
        for (var seed = 0; seed < seeds; seed++)
        {
            foreach (var (what, count) in RunSeed(seed))
            {
                counts[what] = counts.GetValueOrDefault(what) + count;
            }
        }

        output.WriteLine($"{seeds} seeds");
        foreach (var (what, count) in counts)
        {
            output.WriteLine($"{count,10} {what}");
        }

        // A simulation in which something never happens would prove nothing about it.
        string[] all =
        [
            "EvaluatorJoinedEvent", "EvaluatorLostEvent", "EvaluatorDrainingEvent", "LeaseRenewedEvent", "LeaseReleasedEvent",
            "LookedUpEvent", "SaveFailedEvent", "PauseRequestedEvent", "StopRequestedEvent", "RevokeEffect", "NoticeEffect", "EvaluatorFreedEffect", "crashes", "stops", "sleeps",
            "Evaluated", "Remembered", "Parked",
        ];
        Assert.All(all, what => Assert.True(seeds < 100 || counts.GetValueOrDefault(what) > 0, $"{what} never happened"));
    }

    [Fact]
    public void Run_SameSeedTwice_DoesTheSame()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            List<string> first = [];
            List<string> second = [];
            new SimulatedWorld(seed, first.Add).Run();
            new SimulatedWorld(seed, second.Add).Run();
            Assert.Equal(first, second);
        }
    }

    [Fact]
    public void Run_WithoutFaults_StartsEachKeyOnce()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var world = new SimulatedWorld(seed, withFaults: false);
            world.Run();
            var failures = world.Storage.Outcomes.Count(o => o.Source == Core.Control.OutcomeSource.Parked) * 3;
            var evaluated = world.Storage.Outcomes.Count(o => o.Source == Core.Control.OutcomeSource.Evaluated);
            Assert.Equal(evaluated + failures, world.Storage.Starts.Count);
        }
    }

    private static SortedDictionary<string, int> RunSeed(int seed)
    {
        var world = new SimulatedWorld(seed);
        try
        {
            world.Run();
        }
        catch (Exception failure)
        {
            throw new SimulationFailure(
                $"Seed {seed}: {failure.Message} (replay with NASCLUSTER_SIMULATION_SEED={seed}){Environment.NewLine}{failure.StackTrace}");
        }

        return world.Counts;
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
