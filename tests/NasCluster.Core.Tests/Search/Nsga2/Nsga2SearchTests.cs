using System.Collections.Immutable;
using NasCluster.Core.Pareto;
using NasCluster.Core.Search;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Search.RandomSearch;
using NasCluster.Core.Spaces;
using NasCluster.Testing;
using NasCluster.Testing.Problems;

namespace NasCluster.Core.Tests.Search.Nsga2;

public class Nsga2SearchTests
{
    private static readonly IntegerSpace Space = new([20, 20, 20]);

    private static readonly ImmutableArray<Objective> Objectives =
        [new("a", ObjectiveDirection.Minimise, ObjectiveKind.Analytic), new("b", ObjectiveDirection.Minimise, ObjectiveKind.Analytic)];

    public static TheoryData<Nsga2Mode> Modes => [Nsga2Mode.Generational, Nsga2Mode.SteadyState];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Tell_SomeInfeasible_NoneStaysWhileAFeasibleOneOrOneWithLessViolationIsLeftOut(Nsga2Mode mode)
    {
        var search = Create(new Nsga2Options { PopulationSize = 12, Mode = mode }, 300);
        var told = new List<(TrialId Id, double Violation)>();
        while (!search.IsFinished)
        {
            foreach (var trial in search.Ask(1))
            {
                // The objectives are best where the constraint, gene 0 at least 15, is broken most.
                var violation = Math.Max(0, 15 - trial.Genome.Genes[0]);
                told.Add((trial.Id, violation));
                var genes = trial.Genome.Genes;
                search.Tell(trial.Id, Success(genes[0] + genes[1], genes[0] + genes[2], violation));
            }

            if (mode == Nsga2Mode.SteadyState || told.Count % 12 == 0)
            {
                Assert.Equal(told.Select(t => t.Violation).Order().Take(12), search.Population.Select(i => i.Violation).Order());
            }
        }

        Assert.All(search.Population, i => Assert.Equal(0, i.Violation));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Tell_FailedTrial_NeverEntersThePopulation(Nsga2Mode mode)
    {
        var search = Create(new Nsga2Options { PopulationSize = 10, Mode = mode }, 200);
        var failed = new HashSet<TrialId>();
        SearchDriver.Run(search, trial =>
        {
            if (trial.Genome.Genes[0] % 2 == 0)
            {
                failed.Add(trial.Id);
                return EvaluationOutcome.Failed("even");
            }

            return Success(trial.Genome.Genes[0], trial.Genome.Genes[1], 0);
        });

        Assert.NotEmpty(failed);
        Assert.Equal(10, search.Population.Count);
        Assert.DoesNotContain(search.Population, i => failed.Contains(i.Id));
    }

    [Theory]
    [InlineData(10, 0, 45, new[] { 10, 20, 30, 40, 45 })]
    [InlineData(10, 14, 45, new[] { 14, 24, 34, 44, 45 })]
    [InlineData(10, 0, 20, new[] { 10, 20 })]
    [InlineData(10, 0, 7, new[] { 7 })]
    public void Generation_Generational_GrowsWhenAllOfItIsTold(int population, int initial, int budget, int[] ends)
    {
        var options = new SearchOptions
        {
            Objectives = Objectives,
            Budget = budget,
            Seed = 3,
            InitialGenomes = [.. Enumerable.Range(0, initial).Select(i => new Genome([i, i, 0]))],
        };
        var algorithm = new Nsga2Options { PopulationSize = population };
        var search = Nsga2Search.Start(algorithm, options, Space);
        for (var told = 0; told < budget; told++)
        {
            Assert.Equal(ends.Count(end => end <= told), search.Generation);
            Assert.Equal(search.Generation, Searches.Restore(algorithm, options, Space, search.Snapshot()).Generation);
            var trial = Assert.Single(search.Ask(1));
            search.Tell(trial.Id, Success(trial.Genome.Genes[0], trial.Genome.Genes[1], 0));
        }

        Assert.Equal(ends.Length - 1, search.Generation);
    }

    [Fact]
    public void Generation_SteadyState_IsNone() =>
        Assert.Null(Create(new Nsga2Options { PopulationSize = 10, Mode = Nsga2Mode.SteadyState }, 60).Generation);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Ask_SteadyState_KeepsExactlyInFlightTrialsOpen(int inFlight)
    {
        var search = Create(new Nsga2Options { PopulationSize = 10, Mode = Nsga2Mode.SteadyState }, 60, inFlight);
        var open = new Queue<Trial>();
        for (var told = 0; told < 60; told++)
        {
            foreach (var trial in search.Ask(100))
            {
                open.Enqueue(trial);
            }

            Assert.Equal(Math.Min(inFlight, 60 - told), open.Count);
            var next = open.Dequeue();
            search.Tell(next.Id, Success(next.Genome.Genes[0], -next.Genome.Genes[0], 0));
        }

        Assert.True(search.IsFinished);
    }

    [Fact]
    public void Ask_Generational_GivesNothingUntilTheGenerationIsTold()
    {
        var search = Create(new Nsga2Options { PopulationSize = 4 }, 8);
        var first = search.Ask(100);
        Assert.Equal(4, first.Count);
        foreach (var trial in first.SkipLast(1))
        {
            search.Tell(trial.Id, Success(1, 1, 0));
            Assert.Empty(search.Ask(1));
        }

        search.Tell(first[3].Id, EvaluationOutcome.Failed("x"));
        Assert.Equal(4, search.Ask(100).Count);
    }

    [Fact]
    public void Ask_MoreInitialGenomesThanThePopulation_AreOneGeneration()
    {
        var options = OptionsFor(Objectives, 20) with { InitialGenomes = [.. Enumerable.Range(0, 6).Select(i => new Genome([i, i, i]))] };
        var search = Searches.Create(new Nsga2Options { PopulationSize = 4 }, options, Space);

        Assert.Equal(options.InitialGenomes, search.Ask(100).Select(t => t.Genome));
    }

    [Fact]
    public void Run_MaximisedObjective_ProposesTheSameAsItsNegative()
    {
        ImmutableArray<Objective> maximised = [Objectives[0], Objectives[1] with { Direction = ObjectiveDirection.Maximise }];
        var algorithm = new Nsga2Options { PopulationSize = 10 };
        var down = SearchDriver.Run(
            Searches.Create(algorithm, OptionsFor(Objectives, 100), Space),
            t => Success(t.Genome.Genes[0], 40 - t.Genome.Genes[0] - t.Genome.Genes[1], 0));
        var up = SearchDriver.Run(
            Searches.Create(algorithm, OptionsFor(maximised, 100), Space),
            t => Success(t.Genome.Genes[0], t.Genome.Genes[0] + t.Genome.Genes[1] - 40, 0));

        Assert.Equal(down, up);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Run_OneObjective_FindsTheOptimum(Nsga2Mode mode)
    {
        ImmutableArray<Objective> one = [Objectives[0]];
        var search = (Nsga2Search)Searches.Create(new Nsga2Options { PopulationSize = 20, Mode = mode }, OptionsFor(one, 1500), Space);
        SearchDriver.Run(search, t => EvaluationOutcome.Success([new ObjectiveValue(t.Genome.Genes.Sum(g => Math.Abs(g - 13)), 0)]));

        Assert.Equal(0, search.Population.Min(i => i.Objectives[0]));
    }

    /// <summary>A model of the real task: gene i costs 1 and is worth (i + 1)^2, so that the front takes the last genes first.</summary>
    [Fact]
    public void Run_BinaryGenes_NearsTheFrontThatRandomSearchAndRoundingOnlyMutationMiss()
    {
        const int Genes = 33;
        var space = new IntegerSpace([.. Enumerable.Repeat(2, Genes)]);
        var volume = new Hypervolume(Objectives, [Genes + 1, 1]);
        var front = Enumerable.Range(0, Genes + 1).Select(k => (double[])[k, -Enumerable.Range(Genes - k + 1, k).Sum(i => i * i)]);
        var best = volume.Of(front);

        double ShareOfBest(AlgorithmOptions algorithm)
        {
            var archive = new ParetoArchive(Objectives);
            SearchDriver.Run(Searches.Create(algorithm, OptionsFor(Objectives, 2000), space), trial =>
            {
                var genes = trial.Genome.Genes;
                var outcome = Success(genes.Sum(), -genes.Select((g, i) => g * (i + 1) * (i + 1)).Sum(), 0);
                archive.Insert(trial, outcome);
                return outcome;
            });
            return volume.Of(archive.Front) / best;
        }

        var ours = ShareOfBest(new Nsga2Options());
        var steady = ShareOfBest(new Nsga2Options { Mode = Nsga2Mode.SteadyState });
        var rounding = ShareOfBest(new Nsga2Options { MutationAlwaysMoves = false });
        var random = ShareOfBest(new RandomSearchOptions());
        Assert.True(ours > 0.97 && steady > 0.97 && rounding < 0.93 && random < 0.8, $"{ours}, {steady}, {rounding}, {random}");
    }

    [Fact]
    public void Run_Golden_ProposesWhatItAlwaysDid()
    {
        var options = new SearchOptions { Objectives = [.. IntegerProblem.Zdt1.Objectives], Budget = 400, Seed = 2026 };
        var told = SearchDriver.Run(
            Searches.Create(new Nsga2Options { PopulationSize = 20 }, options, IntegerProblem.Zdt1.Space),
            t => IntegerProblem.Zdt1.Outcome(t.Genome));

        // FNV-1a over every gene of every trial. A change here changes every recorded search: raise the snapshot version with it.
        var hash = told.SelectMany(t => t.Genome.Genes).Aggregate(0xCBF29CE484222325, (h, gene) => (h ^ (ulong)gene) * 0x100000001B3);
        Assert.Equal(10063181634698504894UL, hash);
    }

    private static Nsga2Search Create(Nsga2Options algorithm, int budget, int inFlight = 3) =>
        (Nsga2Search)Searches.Create(algorithm, OptionsFor(Objectives, budget) with { InFlight = inFlight }, Space);

    private static SearchOptions OptionsFor(ImmutableArray<Objective> objectives, int budget) =>
        new() { Objectives = objectives, Budget = budget, Seed = 5 };

    private static EvaluationOutcome Success(double a, double b, double violation) =>
        EvaluationOutcome.Success([new ObjectiveValue(a, 0), new ObjectiveValue(b, 0)], violation);
}
