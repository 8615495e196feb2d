using NasCluster.Core.Search;
using NasCluster.Core.Search.BlockScores;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Spaces;
using NasCluster.Testing.Problems;

namespace NasCluster.Core.Tests.Search.BlockScores;

public class KnapsackStartTests
{
    private static readonly SearchOptions Options = new()
    {
        Objectives =
        [
            new Objective("size", ObjectiveDirection.Minimise, ObjectiveKind.Analytic),
            new Objective("loss", ObjectiveDirection.Minimise, ObjectiveKind.Scored),
        ],
        Budget = 100,
    };

    [Fact]
    public void Probes_SpaceWithDeadGenes_ChangeOneGeneOfTheLargestEach()
    {
        var probes = new KnapsackStart(Options, SmallWorldTable.Space).Probes;

        // 6 smaller depths, 2 smaller widths in two layers and 1 in six, and the whole.
        Assert.Equal(1 + 6 + 4 + 6, probes.Length);
        Assert.Equal(SmallWorldTable.Space.LargestGenome, probes[0]);
        Assert.All(probes, p => Assert.Equal(SmallWorldTable.Space.Canonicalise(p), p));
    }

    /// <summary>With additive objectives the solutions must be on the true front, which all genomes together give.</summary>
    [Fact]
    public void Solutions_AdditiveObjectives_AreOnTheTrueFront()
    {
        var space = new IntegerSpace([3, 2, 4, 3, 2]);
        var start = new KnapsackStart(Options, space);
        Genome[] all = [.. Enumerable.Range(0, 144).Select(i => new Genome([i % 3, i / 3 % 2, i / 6 % 4, i / 24 % 3, i / 72]))];
        var front = all.Where(g => !all.Any(o => Dominates(o, g))).ToHashSet();

        var solutions = Solve(start, Size, Loss, 50);

        Assert.All(solutions, s => Assert.Contains(s, front));
        Assert.Equal(solutions.Select(Size).Order(), solutions.Select(Size));
        Assert.True(solutions.Length >= front.Count * 0.8, $"{solutions.Length} of {front.Count} were found.");
    }

    [Fact]
    public void Solutions_DeadGenes_CountNothing()
    {
        // By depth and width: what a layer that fell would cost or gain must not decide.
        var space = SmallWorldTable.Space;
        var start = new KnapsackStart(Options, space);
        double SizeOf(Genome genome) => space.Decode(genome).Layers.Sum(l => 100.0 + l.MlpChannels.Count);
        double LossOf(Genome genome) => 10 - space.Decode(genome).Layers.Sum(l => (1 + (l.MlpChannels.Count / 512.0)) / (l.SourceLayer + 1));

        var solutions = Solve(start, SizeOf, LossOf, 30);

        Assert.True(solutions.Length > 10);
        Assert.Equal(solutions.Select(SizeOf).Order(), solutions.Select(SizeOf));
        Assert.All(solutions, s => Assert.Equal(space.Canonicalise(s), s));
        Assert.Contains(space.Canonicalise(space.SmallestGenome), solutions);
    }

    [Fact]
    public void Solutions_LargestFailed_AreNone()
    {
        var start = new KnapsackStart(Options, new IntegerSpace([2, 2]));

        Assert.Empty(start.Solutions([new Individual(new TrialId(0), [1, 1], 0)], _ => new Genome([0, 1]), _ => false, 5));
    }

    private static Genome[] Solve(KnapsackStart start, Func<Genome, double> size, Func<Genome, double> loss, int count)
    {
        var told = start.Probes.Select((p, i) => new Individual(new TrialId(i), [size(p), loss(p)], 0)).ToArray();
        return [.. start.Solutions(told, id => start.Probes[(int)id.Value], _ => false, count)];
    }

    private static bool Dominates(Genome left, Genome right) =>
        Size(left) <= Size(right) && Loss(left) <= Loss(right) && (Size(left) < Size(right) || Loss(left) < Loss(right));

    private static double Size(Genome genome) => genome.Genes.Select((g, i) => g * (i + 2.0)).Sum();

    private static double Loss(Genome genome) => 50 - genome.Genes.Select((g, i) => Math.Sqrt(g) * ((i * 7 % 5) + 1.1)).Sum();
}
