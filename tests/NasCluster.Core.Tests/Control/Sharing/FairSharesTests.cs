using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;
using NasCluster.Core.Tests.Control.Simulation;

namespace NasCluster.Core.Tests.Control.Sharing;

public sealed class FairSharesTests
{
    [Fact]
    public void Set_AllWantEverything_SharesByWeight() =>
        Assert.Equal([2.0, 4.0, 6.0], Shares(Evaluators("*", 12), Search(1, 99), Search(2, 99), Search(3, 99)));

    [Fact]
    public void Set_OneWantsLittle_SharesTheRest() =>
        Assert.Equal([1.0, 4.5, 4.5], Shares(Evaluators("*", 10), Search(5, 1), Search(1, 99), Search(1, 99)));

    [Fact]
    public void Set_EnoughForAll_GivesWhatIsWanted() =>
        Assert.Equal([3.0, 0.0, 4.0], Shares(Evaluators("*", 10), Search(1, 3), Search(9, 0), Search(1, 4)));

    [Fact]
    public void Set_NobodyServesIt_GetsNothing() =>
        Assert.Equal([0.0, 4.0], Shares(Evaluators("p", 4), Search(9, 5, "q"), Search(1, 5, "p")));

    [Fact]
    public void Set_NoEvaluators_GivesNothing() => Assert.Equal([0.0, 0.0], Shares([], Search(1, 5), Search(1, 5)));

    [Fact]
    public void Set_SomeServeOneNetworkOnly_RaisesTheOthersBeyondTheBottleneck() =>
        Assert.Equal(
            [1.0, 1.0, 5.0],
            Shares([.. Evaluators("p", 2), .. Evaluators("q", 5)], Search(1, 9, "p"), Search(1, 9, "p"), Search(1, 9, "q")));

    [Fact]
    public void Set_ShareNotWhole_RoundsUpForWhoIsOwedMost()
    {
        var searches = new[] { Search(1, 9), Search(1, 9), Search(1, 9) };
        searches[1].Owed = 3;
        searches[2].Owed = 2;
        Shares(Evaluators("*", 5), searches);

        Assert.Equal([1, 2, 2], searches.Select(search => search.Target));
    }

    /// <summary>
    /// Max-min fairness by its definition: nobody's share can rise but at the cost of one who has, by weight, no more. Targets are the
    /// shares rounded, use up as much, and can be lent at once.
    /// </summary>
    [Fact]
    public void Set_RandomClusters_IsMaxMinFair()
    {
        string[] networks = ["p", "q", "r", "s"];
        for (ulong seed = 0; seed < 2_000; seed++)
        {
            var random = new Mix(seed);
            var evaluators = new List<EvaluatorEntry>();
            var kinds = 1 + random.Next(4);
            for (var kind = 0; kind < kinds; kind++)
            {
                var serves = random.Next(4) == 0 ? "*" : string.Join(' ', networks.Where(_ => random.Chance(0.5)).DefaultIfEmpty("p"));
                evaluators.AddRange(Evaluators(serves, random.Next(7), $"k{kind}-"));
            }

            SearchEntry[] searches = [.. Enumerable.Range(0, 1 + random.Next(6)).Select(i =>
                Search(1 + random.Next(3), random.Next(8), networks[random.Next(4)], order: i))];
            foreach (var search in searches)
            {
                search.Owed = random.Next(5);
            }

            Shares(evaluators, searches);
            double[] shares = [.. searches.Select(search => search.Share)];
            Assert.True(CanBeLent(evaluators, searches, shares), $"Seed {seed}: the shares cannot be lent.");
            for (var i = 0; i < searches.Length; i++)
            {
                Assert.InRange(shares[i], 0, searches[i].Wanted);
                Assert.InRange(searches[i].Target, Math.Floor(shares[i] + 1e-6), Math.Ceiling(shares[i] - 1e-6));
                if (shares[i] < searches[i].Wanted - 1e-6)
                {
                    var level = shares[i] / searches[i].Weight;
                    var raised = shares.Select((share, j) =>
                        j == i ? share + 0.01 : share / searches[j].Weight > level + 1e-6 ? 0 : share).ToArray();
                    Assert.False(CanBeLent(evaluators, searches, raised), $"Seed {seed}: search {i} could have more.");
                }
            }

            Assert.Equal(Math.Round(shares.Sum(), 5), searches.Sum(search => search.Target));
            Assert.True(CanBeLent(evaluators, searches, [.. searches.Select(search => (double)search.Target)]), $"Seed {seed}: targets.");
        }
    }

    /// <summary>By Hall's theorem: every set of super-networks is wanted no more than evaluators serve any of it.</summary>
    private static bool CanBeLent(List<EvaluatorEntry> evaluators, SearchEntry[] searches, double[] amounts)
    {
        var networks = searches.Select(search => search.SuperNetwork).Distinct().ToArray();
        for (var set = 1; set < 1 << networks.Length; set++)
        {
            var some = networks.Where((_, i) => (set & (1 << i)) != 0).ToArray();
            var wanted = searches.Select((search, i) => some.Contains(search.SuperNetwork) ? amounts[i] : 0).Sum();
            if (wanted > evaluators.Count(evaluator => some.Any(evaluator.CanServe)) + 1e-5)
            {
                return false;
            }
        }

        return true;
    }

    private static double[] Shares(IReadOnlyList<EvaluatorEntry> evaluators, params SearchEntry[] searches)
    {
        FairShares.Set(searches, evaluators, TimeSpan.Zero);
        return [.. searches.Select(search => Math.Round(search.Share, 9))];
    }

    private static SearchEntry Search(double weight, int wanted, string network = "p", int order = 0) =>
        new(new SearchId($"s{order}"), order) { Weight = weight, Wanted = wanted, SuperNetwork = network };

    private static List<EvaluatorEntry> Evaluators(string serves, int count, string prefix = "e")
    {
        var made = new List<EvaluatorEntry>();
        for (var i = 0; i < count; i++)
        {
            var evaluator = new EvaluatorEntry(new EvaluatorId($"{prefix}{i}"), 1, 1) { Silo = "s" };
            evaluator.SetServes(serves == "*" ? null : serves.Split(' ').ToImmutableArray());
            made.Add(evaluator);
        }

        return made;
    }
}
