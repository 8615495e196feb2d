using NasCluster.Core.Control.Sharing;
using Xunit.Abstractions;

namespace NasCluster.Core.Tests.Control.Sharing;

/// <summary>What must hold over time, whatever happens. The world checks at every message, unless told not to, that none is idle while
/// somebody could use it, and none is called back that nobody is due; and always that no evaluator is lent twice.</summary>
public sealed class SharingWorldTests(ITestOutputHelper output)
{
    private static readonly DirectoryOptions Default = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_MoreEvaluatorsThanSearches_SharesByWeight(ulong seed)
    {
        var world = new SharingWorld(seed, Default);
        StartEvaluators(world, 41);
        for (var weight = 1; weight <= 4; weight++)
        {
            world.Add($"s{weight}", weight);
        }

        world.Run(1_500);
        AssertShares(world, 0.03);
    }

    [Theory]
    [InlineData(1, 30, 0.06)]
    [InlineData(2, 30, 0.06)]
    [InlineData(3, 2, 0.03)]
    [InlineData(4, 100, 0.15)]
    public void Run_EightSearchesOnThreeEvaluators_SharesByWeightOverTime(ulong seed, double meanTime, double tolerance)
    {
        // The lightest has few turns, and turns last as long as evaluations: hence the tolerance.
        var world = new SharingWorld(seed, Default) { MeanTime = meanTime, LooksAtEveryMessage = false };
        StartEvaluators(world, 3);
        for (var weight = 1; weight <= 8; weight++)
        {
            world.Add($"s{weight}", weight);
        }

        world.Run(15_000);
        AssertShares(world, tolerance);
    }

    [Fact]
    public void Run_OneEvaluatorTwoEqualSearches_TakeTurnsByTheQuantum()
    {
        var world = new SharingWorld(1, Default) { MeanTime = 0.5 };
        StartEvaluators(world, 1);
        world.Add("x");
        world.Add("y");
        world.Run(1_003);

        AssertShares(world, 0.02);
        Assert.InRange(world.CallsBack, 80, 101);
    }

    [Fact]
    public void Run_EnoughForAll_NeverCallsBack()
    {
        var world = new SharingWorld(1, Default);
        StartEvaluators(world, 12);
        world.Add("x", 1, work: _ => 4);
        world.Add("y", 7, work: _ => 8);
        world.Run(1_000);

        Assert.Equal(0, world.CallsBack);
        Assert.InRange(world.Searches[0].Used, 0.99 * 4 * 997, 4 * 1000);
    }

    [Theory]
    [InlineData(3, 6)]
    [InlineData(30, 6)]
    public void Run_SearchReturnsAfterIdling_GetsNoMoreThanItsShare(int evaluators, int searches)
    {
        var world = new SharingWorld(5, Default);
        StartEvaluators(world, evaluators);
        var late = world.Add("late", work: now => now < 5_000 ? 0 : 1_000_000);
        for (var i = 1; i < searches; i++)
        {
            world.Add($"s{i}");
        }

        world.Run(5_000);
        Assert.Equal(0, late.Used);
        world.Run(5_600);
        var share = 600.0 * evaluators / searches;
        output.WriteLine($"{late.Used} of {share}");
        Assert.InRange(late.Used, 0.5 * share, 1.15 * share);
    }

    [Fact]
    public void Run_SearchesComeOneAfterTheOther_TheNewcomerDoesNotMonopolise()
    {
        var world = new SharingWorld(6, Default) { LooksAtEveryMessage = false };
        StartEvaluators(world, 2);
        world.Add("old");
        world.Run(20_000);
        var before = world.Searches[0].Used;
        world.Add("new1");
        world.Add("new2");
        world.Add("new3");
        world.Run(22_000);

        Assert.InRange(world.Searches[0].Used - before, 0.85 * 1_000, 1.2 * 1_000);
    }

    [Fact]
    public void Run_TwoSuperNetworks_EachGetsWhatServesItAndTheFlexibleOnesBalance()
    {
        var world = new SharingWorld(7, Default);
        for (var i = 0; i < 6; i++)
        {
            world.Start($"p{i}", "p");
            world.Start($"b{i}", i < 4 ? "p q" : null);
        }

        var p = world.Add("p", network: "p");
        var q1 = world.Add("q1", network: "q");
        var q2 = world.Add("q2", network: "q");
        world.Run(5_000);

        // Equal shares of 4: six serve p only, so that search has 6, and the other two have 3 each.
        Assert.InRange(p.Used / 5_000, 5.8, 6.1);
        Assert.InRange(q1.Used / 5_000, 2.9, 3.05);
        Assert.InRange(q2.Used / 5_000, 2.9, 3.05);
    }

    [Fact]
    public void Run_EverythingComesAndGoes_KeepsItsRules()
    {
        var calledBack = 0;
        for (ulong seed = 1; seed <= 25; seed++)
        {
            // Two messages may get lost in a row: the warm-up must outlast the third enlistment.
            var world = new SharingWorld(seed, Default with { WarmUp = TimeSpan.FromSeconds(12), Silence = TimeSpan.FromSeconds(20) })
            {
                Loss = seed % 2 == 0 ? 0.2 : 0,
            };
            StartEvaluators(world, 6);
            for (var i = 0; i < 6; i++)
            {
                var phase = i * 37;
                world.Add($"s{i}", 1 + (i % 3), network: i % 2 == 0 ? "n" : "m", work: now => (int)((now + phase) / 60 % 5) * (1 + phase % 4));
            }

            world.After(1, () => Disturb(world, 0));
            world.Run(1_000);
            calledBack += world.CallsBack;
        }

        Assert.True(calledBack > 500, $"only {calledBack} evaluators were called back: the world is too quiet to prove anything");
    }

    [Fact]
    public void Run_DirectoryRestartsInMidRun_SharesStayFair()
    {
        var world = new SharingWorld(9, Default);
        StartEvaluators(world, 20);
        world.Add("x");
        world.Add("y", 2);
        for (var at = 100; at < 4_000; at += 100)
        {
            world.After(at, world.RestartDirectory);
        }

        world.Run(4_000);
        AssertShares(world, 0.05);
        Assert.NotEqual(0, world.CallsBack);
    }

    [Fact]
    public void Run_SameSeedTwice_LendsTheSame()
    {
        var used = new List<double>[2];
        for (var run = 0; run < 2; run++)
        {
            var world = new SharingWorld(3, Default with { Silence = TimeSpan.FromSeconds(20) }) { Loss = 0.1, LooksAtEveryMessage = false };
            StartEvaluators(world, 7);
            for (var i = 1; i <= 4; i++)
            {
                world.Add($"s{i}", i);
            }

            world.Run(500);
            used[run] = [.. world.Searches.Select(search => search.Used)];
        }

        Assert.Equal(used[0], used[1]);
    }

    private static void Disturb(SharingWorld world, int count)
    {
        var random = world.Random;
        switch (random.Next(5))
        {
            case 0:
                world.Start($"late{count}", random.Next(3) == 0 ? "n" : null);
                break;
            case 1 when world.Alive.Count > 3:
                world.Kill(world.Alive.ElementAt(random.Next(world.Alive.Count)));
                break;
            case 2 when world.Alive.Count > 3:
                world.Drain(world.Alive.ElementAt(random.Next(world.Alive.Count)));
                break;
            case 3:
                // A new life of one that lives, or of the first one.
                world.Start(world.Alive.FirstOrDefault() ?? "e0");
                break;
            default:
                world.RestartDirectory();
                break;
        }

        world.After(1 + random.Next(40), () => Disturb(world, count + 1));
    }

    private static void StartEvaluators(SharingWorld world, int count)
    {
        for (var i = 0; i < count; i++)
        {
            world.Start($"e{i}");
        }
    }

    private void AssertShares(SharingWorld world, double tolerance)
    {
        var used = world.Searches.Sum(search => search.Used);
        var weights = world.Searches.Sum(search => search.Weight);
        var all = world.Now * world.Alive.Count;
        output.WriteLine($"{used / all:P2} of the time lent, {world.CallsBack} called back");
        foreach (var search in world.Searches)
        {
            output.WriteLine($"{search.Id}: {search.Used / used:P2}, by weight {search.Weight / weights:P2}");
        }

        Assert.InRange(used / all, 0.97, 1);
        Assert.All(world.Searches, search =>
            Assert.InRange(search.Used / used * weights / search.Weight, 1 - tolerance, 1 + tolerance));
    }
}
