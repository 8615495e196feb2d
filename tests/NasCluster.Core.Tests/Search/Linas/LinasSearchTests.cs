using NasCluster.Core.Pareto;
using NasCluster.Core.Prediction;
using NasCluster.Core.Search;
using NasCluster.Core.Search.Ehvi;
using NasCluster.Core.Search.Linas;
using NasCluster.Core.Search.RandomSearch;
using NasCluster.Testing;
using NasCluster.Testing.Problems;

namespace NasCluster.Core.Tests.Search.Linas;

public class LinasSearchTests
{
    private static readonly SmallWorldTable Table = SmallWorldTable.Read();

    /// <summary>On real outcomes whose true front is known; the seeds are fixed, so the figures are too.</summary>
    [Fact]
    public void Run_SmallWorld_NeedsFarFewerEvaluationsThanRandom()
    {
        var (linas, random) = (0, 0);
        for (ulong seed = 1; seed <= 5; seed++)
        {
            linas += Evaluations(new LinasOptions { PopulationSize = 16, InnerEvaluations = 2_000 }, seed);
            random += Evaluations(new RandomSearchOptions(), seed);
        }

        Assert.True(2 * linas < random, $"LINAS took {linas} evaluations, random search {random}.");
    }

    [Fact]
    public void Fits_AfterEachRound_SayHowWellEveryPredictedObjectiveWas()
    {
        var search = Searches.Create(new LinasOptions { PopulationSize = 20, InnerEvaluations = 200 }, OptionsOf(60, 1), SmallWorldTable.Space);
        SearchDriver.Run(search, t => Table.Outcome(t.Genome));
        var fits = ((IPredictorQuality)search).Fits;

        // Rounds 1 and 2; parameters are predicted here too, for nothing that computes them is given.
        Assert.Equal([(1, "accuracy", 20), (1, "parameters", 20), (2, "accuracy", 40), (2, "parameters", 40)], fits.Select(f => (f.Round, f.Objective, f.Samples)));
        Assert.All(fits, f => Assert.InRange(f.KendallTau, 0.3, 1));
        Assert.All(fits, f => Assert.InRange(f.MeanAbsolutePercentageError, 0, 0.2));
    }

    [Fact]
    public void Run_AnalyticObjectiveComputed_IsNotPredicted()
    {
        var options = OptionsOf(40, 1) with { Analytic = new Computed() };
        foreach (AlgorithmOptions algorithm in new AlgorithmOptions[] { new LinasOptions { PopulationSize = 20 }, new EhviOptions { PopulationSize = 20 } })
        {
            var search = Searches.Create(algorithm, options, SmallWorldTable.Space);
            SearchDriver.Run(search, t => Table.Outcome(t.Genome));

            Assert.All(((IPredictorQuality)search).Fits, f => Assert.Equal("accuracy", f.Objective));
            Assert.NotEmpty(((IPredictorQuality)search).Fits);
        }
    }

    [Fact]
    public void Restore_WithoutTheAnalyticObjectivesItHad_IsRefused()
    {
        var options = OptionsOf(40, 1) with { Analytic = new Computed() };
        var algorithm = new LinasOptions { PopulationSize = 20 };
        var snapshot = Searches.Create(algorithm, options, SmallWorldTable.Space).Snapshot();

        var failure = Assert.Throws<NasClusterException>(() => Searches.Restore(algorithm, options with { Analytic = null }, SmallWorldTable.Space, snapshot));
        Assert.Contains("parameters was computed from the genome before or is now", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_EarlyStop_EndsOnceRoundsLeaveTheFrontAndGoesOnFromSnapshots()
    {
        var algorithm = new LinasOptions { PopulationSize = 10, InnerEvaluations = 200, EarlyStopRounds = 2 };
        var options = OptionsOf(1000, 2);
        var search = Searches.Create(algorithm, options, SmallWorldTable.Space);
        var told = 0;
        while (!search.IsFinished)
        {
            foreach (var trial in search.Ask(int.MaxValue))
            {
                // Nothing is better than anything, so that the front stays what it is after the first round.
                search.Tell(trial.Id, EvaluationOutcome.Success([new ObjectiveValue(1, 0), new ObjectiveValue(1, 0)]));
                told++;
            }

            search = Searches.Restore(algorithm, options, SmallWorldTable.Space, search.Snapshot());
        }

        Assert.Equal(30, told);
        Assert.Equal((0, 0), (search.Available, search.UntilBarrier));
        Assert.Empty(search.Ask(5));
    }

    private static SearchOptions OptionsOf(int budget, ulong seed) => new()
    {
        Objectives = SmallWorldTable.Objectives,
        Budget = budget,
        Seed = seed,
        InitialGenomes = [SmallWorldTable.Space.LargestGenome, SmallWorldTable.Space.SmallestGenome],
    };

    /// <summary>Evaluations until the front has 95 % of the true front's hypervolume.</summary>
    private static int Evaluations(AlgorithmOptions algorithm, ulong seed)
    {
        // A tenth beyond the worst values of the true front: 394,176 to 1,833,408 parameters, 0.4 to 0.803 right.
        var hypervolume = new Hypervolume(SmallWorldTable.Objectives, [0.36, 1_977_331]);
        var whole = hypervolume.Of(Table.Genomes.Select(g => (IReadOnlyList<double>)[.. Table.Outcome(g).Values.Select(v => v.Value)]));
        var front = new ParetoArchive(SmallWorldTable.Objectives);
        var search = Searches.Create(algorithm, OptionsOf(1143, seed), SmallWorldTable.Space);
        for (var evaluations = 1; ; evaluations++)
        {
            var trial = search.Ask(1)[0];
            var outcome = Table.Outcome(trial.Genome);
            search.Tell(trial.Id, outcome);
            if (front.Insert(trial, outcome) && hypervolume.Of(front.Front) >= 0.95 * whole)
            {
                return evaluations;
            }
        }
    }

    /// <summary>One objective and a bound that the genome decides: every round keeps to it, and the best network of that size is found.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_OneObjectiveAndAComputedConstraint_FindsTheBestOfThatSize(bool isLinas)
    {
        const double Largest = 1_300_000;
        var computed = new Computed { Largest = Largest };
        var options = OptionsOf(60, 1) with { Objectives = [SmallWorldTable.Objectives[0]], Analytic = computed };
        AlgorithmOptions algorithm = isLinas ? new LinasOptions { PopulationSize = 10, InnerEvaluations = 500 } : new EhviOptions { PopulationSize = 10, InnerEvaluations = 500 };
        var search = Searches.Create(algorithm, options, SmallWorldTable.Space);
        var tried = new List<Trial>();
        SearchDriver.Run(search, trial =>
        {
            tried.Add(trial);
            return EvaluationOutcome.Success([Table.Outcome(trial.Genome).Values[0]], computed.Violation(trial.Genome)!.Value);
        });

        double Accuracy(Genome genome) => Table.Outcome(genome).Values[0].Value;
        var best = Table.Genomes.Where(g => computed.Violation(g) == 0).Max(Accuracy);
        Assert.All(tried.Skip(10), t => Assert.Equal(0, computed.Violation(t.Genome)));
        Assert.InRange(tried.Where(t => computed.Violation(t.Genome) == 0).Max(t => Accuracy(t.Genome)), best - 0.005, best);
    }

    private sealed class Computed : IAnalyticObjectives
    {
        /// <summary>Most parameters.</summary>
        public double Largest { get; init; } = double.PositiveInfinity;

        public bool Computes(Objective objective) => objective.Kind == ObjectiveKind.Analytic;

        public double Compute(Objective objective, Genome genome) => Table.Outcome(genome).Values[1].Value;

        public double? Violation(Genome genome) => Math.Max(0, (Table.Outcome(genome).Values[1].Value / Largest) - 1);
    }
}
