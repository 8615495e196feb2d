using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using NasCluster.Core.Pareto;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search;

namespace NasCluster.Core.Tests.Pareto;

public class ParetoArchiveTests
{
    private static readonly Objective[] Objectives =
    [
        new("loss", ObjectiveDirection.Minimise, ObjectiveKind.Scored),
        new("tokens_per_second", ObjectiveDirection.Maximise, ObjectiveKind.Measured),
        new("parameters", ObjectiveDirection.Minimise, ObjectiveKind.Analytic),
    ];

    [Fact]
    public void Insert_DominatingTrial_RemovesWhatItDominates()
    {
        var archive = new ParetoArchive(Objectives[..2]);
        Assert.True(Insert(archive, 0, 5, 10));
        Assert.True(Insert(archive, 1, 3, 5));
        Assert.False(Insert(archive, 2, 6, 10));
        Assert.True(Insert(archive, 3, 4, 12));

        Assert.Equal([1, 3], archive.Front.Select(e => e.Trial.Id.Value));
    }

    [Fact]
    public void BestValues_EveryObjective_IsTheBestOfTheFrontInItsOwnDirection()
    {
        var archive = new ParetoArchive(Objectives[..2]);
        Assert.Equal((0, 0), (archive.Count, archive.BestValues.Length));
        Insert(archive, 0, 5, 10);
        Insert(archive, 1, 3, 5);
        Insert(archive, 2, 4, 12);
        archive.Insert(TrialOf(3), EvaluationOutcome.Success([new(1, 0), new(99, 0)], 0.5));

        Assert.Equal(2, archive.Count);
        Assert.Equal<double>([3, 12], archive.BestValues);
    }

    [Fact]
    public void Insert_EqualValues_KeepsTheLowestTrial()
    {
        var archive = new ParetoArchive(Objectives[..2]);
        Assert.True(Insert(archive, 7, 5, 10));
        Assert.False(Insert(archive, 9, 5, 10));
        Assert.True(Insert(archive, 2, 5, 10));

        Assert.Equal(2, Assert.Single(archive.Front).Trial.Id.Value);
    }

    [Fact]
    public void Insert_SameTrialAgain_ChangesNothing()
    {
        var archive = new ParetoArchive(Objectives[..2]);

        Assert.True(Insert(archive, 7, 5, 10));
        Assert.True(Insert(archive, 7, 5, 10));
        Assert.Single(archive.Front);
    }

    [Fact]
    public void Insert_FailedOrInfeasible_NeverEnters()
    {
        var archive = new ParetoArchive(Objectives[..2]);

        Assert.False(archive.Insert(TrialOf(0), EvaluationOutcome.Failed("x")));
        Assert.False(archive.Insert(TrialOf(1), EvaluationOutcome.Success([new(1, 0), new(1, 0)], 0.5)));
        Assert.Empty(archive.Front);
    }

    [Fact]
    public void Insert_WrongNumberOfValues_Throws() =>
        Assert.Throws<ArgumentException>(() => Insert(new ParetoArchive(Objectives), 0, 1, 2));

    [Fact]
    public void Constructor_NoObjectives_Throws() => Assert.Throws<ArgumentException>(() => new ParetoArchive([]));

    /// <summary>Whatever is inserted, in whatever order: exactly what nothing dominates, the lowest trial of equals, sorted.</summary>
    [Fact]
    public void Front_AnyTrialsInAnyOrder_IsTheNonDominatedSet()
    {
        var points = ArbMap.Default.ArbFor<int[]>();
        Check.QuickThrowOnFailure(Prop.ForAll(points, ArbMap.Default.ArbFor<int>(), (numbers, seed) =>
        {
            // Three small coordinates out of each number, so that ties and equal points are common.
            var outcomes = numbers.Select(n => new[] { n & 3, (n >> 2) & 3, (n >> 4) & 3 }).ToArray();
            var order = Enumerable.Range(0, outcomes.Length).ToArray();
            new Xoshiro256((ulong)seed).Shuffle<int>(order);
            var archive = new ParetoArchive(Objectives);
            foreach (var i in order)
            {
                Insert(archive, i, outcomes[i][0], outcomes[i][1], outcomes[i][2]);
            }

            bool Dominates(int[] a, int[] b) => a[0] <= b[0] && a[1] >= b[1] && a[2] <= b[2] && !a.SequenceEqual(b);
            var expected = Enumerable.Range(0, outcomes.Length)
                .Where(i => !outcomes.Any(o => Dominates(o, outcomes[i])) && !outcomes.Take(i).Any(o => o.SequenceEqual(outcomes[i])))
                .OrderBy(i => outcomes[i][0]).ThenByDescending(i => outcomes[i][1]).ThenBy(i => outcomes[i][2])
                .Select(i => (long)i);
            return expected.SequenceEqual(archive.Front.Select(e => e.Trial.Id.Value));
        }));
    }

    private static bool Insert(ParetoArchive archive, int id, params double[] values) =>
        archive.Insert(TrialOf(id), EvaluationOutcome.Success([.. values.Select(v => new ObjectiveValue(v, 0))]));

    private static Trial TrialOf(int id) => new(new TrialId(id), new Genome(ImmutableArray.Create(id)));
}
