using NasCluster.Core.Randomness;
using NasCluster.Core.Search;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Search.Surrogates;

namespace NasCluster.Core.Tests.Search.Surrogates;

public class HypervolumeSelectionTests
{
    /// <summary>Below this a gain may be nothing but rounding: volumes here are about 1 and have a thousand cells at most.</summary>
    private const double Rounding = 1e-9;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Select_AnyCandidates_AreThoseThatAddMostOneAfterTheOther(int objectives)
    {
        var random = new Xoshiro256(6);
        for (var round = 0; round < 60; round++)
        {
            var told = Points(6, objectives, 0, random);
            var candidates = Points(12, objectives, 100, random);
            var selected = HypervolumeSelection.Select(told, candidates, 4);

            Assert.Equal(4, selected.Count);
            var expected = Greedily(told, candidates, 4);
            Assert.Equal(expected, selected.Take(expected.Count).Select(i => i.Id));
        }
    }

    [Fact]
    public void Select_FewerCandidatesThanWanted_GivesThemAll()
    {
        var candidates = Points(3, 2, 100, new Xoshiro256(1));

        Assert.Equal(candidates.Select(c => c.Id), HypervolumeSelection.Select([], candidates, 5).Select(i => i.Id).OrderBy(id => id.Value));
        Assert.Empty(HypervolumeSelection.Select(candidates, [], 5));
    }

    [Fact]
    public void Select_InfeasibleCandidates_ComeAfterFeasibleOnes()
    {
        var random = new Xoshiro256(2);
        var feasible = Points(2, 2, 100, random);
        Individual[] infeasible = [.. Points(4, 2, 200, random).Select((p, i) => new Individual(p.Id, [p.Objectives[0] - 5, p.Objectives[1] - 5], i + 1))];

        // Better by far, were they not infeasible; then by how little they violate.
        Assert.Equal(
            [.. feasible.Select(f => f.Id.Value).Order(), 200, 201],
            HypervolumeSelection.Select([], [.. feasible, .. infeasible], 4).Select(i => i.Id.Value).Order());
    }

    private static Individual[] Points(int count, int objectives, int firstId, Xoshiro256 random) =>
        [.. Enumerable.Range(firstId, count).Select(id => new Individual(new TrialId(id), [.. Enumerable.Range(0, objectives).Select(_ => random.NextDouble())], 0))];

    /// <summary>The plain way: each time every candidate's gain anew, by counting cells.</summary>
    private static List<TrialId> Greedily(Individual[] told, Individual[] candidates, int count)
    {
        var front = HypervolumeSelection.Front(told);
        var reference = ReferencePoint.Of([.. front, .. candidates.Select(c => c.Objectives)]);
        var chosen = new List<TrialId>();
        while (chosen.Count < count)
        {
            var (gain, best) = candidates.Where(c => !chosen.Contains(c.Id))
                .Select(c => (Gain: Cells([.. front, c.Objectives], reference) - Cells(front, reference), Candidate: c)).MaxBy(c => c.Gain);
            if (gain < Rounding)
            {
                break;
            }

            chosen.Add(best.Id);
            front.Add(best.Objectives);
        }

        return chosen;
    }

    /// <summary>The dominated volume: the points' coordinates part space into cells, and a cell counts if a point dominates its best corner.</summary>
    private static double Cells(List<double[]> points, double[] reference)
    {
        double[][] edges = [.. reference.Select((r, k) => points.Select(p => Math.Min(p[k], r)).Append(r).Distinct().Order().ToArray())];
        return Sum(0, 1, []);

        double Sum(int k, double volume, double[] corner) => k == reference.Length
            ? points.Any(p => p.Zip(corner).All(c => c.First <= c.Second)) ? volume : 0
            : Enumerable.Range(0, edges[k].Length - 1).Sum(i => Sum(k + 1, volume * (edges[k][i + 1] - edges[k][i]), [.. corner, edges[k][i]]));
    }
}
