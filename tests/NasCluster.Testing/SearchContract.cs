using System.Collections.Immutable;
using NasCluster.Core.Search;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;
using Xunit;

namespace NasCluster.Testing;

/// <summary>What every search must do, whatever its algorithm. A test class per algorithm derives from it.</summary>
public abstract partial class SearchContract
{
    /// <summary>The budget most tests use.</summary>
    protected const int Budget = 45;

    /// <summary>What the search under test optimises.</summary>
    protected virtual ImmutableArray<Objective> Objectives { get; } =
    [
        new("perplexity", ObjectiveDirection.Minimise, ObjectiveKind.Scored),
        new("tokens_per_second", ObjectiveDirection.Maximise, ObjectiveKind.Measured),
    ];

    /// <summary>The space it is tested in, of far more genomes than the budget, or of <see cref="SmallSpace"/>.</summary>
    protected virtual IArchitectureSpace Space => SmallSpace;

    /// <summary>The algorithm under test; with generations, of at most 10 trials.</summary>
    protected abstract AlgorithmOptions Algorithm { get; }

    /// <summary>Whether the order in which outcomes arrive may change what comes next.</summary>
    protected virtual bool OrderOfTellsMatters => false;

    /// <summary>A space of 2^6 + 2^4 + 2^2 architectures, with dead genes.</summary>
    protected static LlamaSpace SmallSpace { get; } = new(
        new LlamaConfiguration
        {
            VocabularySize = 32,
            HiddenSize = 8,
            HeadSize = 4,
            QueryHeadsPerKvHead = 1,
            Layers = [.. Enumerable.Repeat(new LlamaLayerShape(2, 16), 6)],
            MaximumPositions = 16,
            NormEpsilon = 1e-5f,
            RopeTheta = 10_000,
            TiedEmbeddings = true,
        },
        LlamaSpaceOptions.Uniform(6, [2, 4, 6], [8, 16], layerOrder: [0, 5, 1, 4, 2, 3]));

    /// <summary>Options as most tests use them.</summary>
    protected SearchOptions OptionsWith(int budget = Budget, ulong seed = 1) =>
        new() { Objectives = Objectives, Budget = budget, Seed = seed, InFlight = 3 };

    /// <summary>Two objectives that pull against each other; of these as many as the search has.</summary>
    protected EvaluationOutcome Evaluate(Trial trial)
    {
        var architecture = Space.Decode(trial.Genome);
        var loss = 100.0 - architecture.Layers.Sum(l => l.MlpChannels.Count * (1 + (l.SourceLayer * 0.37)));
        var speed = 1000.0 / (1 + architecture.Layers.Sum(l => 4 + l.MlpChannels.Count));
        ImmutableArray<ObjectiveValue> values = [new ObjectiveValue(loss, 0.1), new ObjectiveValue(speed, 0.5)];
        return EvaluationOutcome.Success(values[..Objectives.Length]);
    }

    /// <summary>The search under test.</summary>
    protected ISearch Create(SearchOptions options) => Searches.Create(Algorithm, options, Space);

    [Fact]
    public void Ask_Repeatedly_HandsOutEachTrialOnceInOrder()
    {
        var told = SearchDriver.Run(Create(OptionsWith()), Evaluate, atOnce: 4);

        Assert.Equal(Enumerable.Range(0, Budget).Select(i => (long)i), told.Select(t => t.Id.Value));
    }

    [Fact]
    public void Ask_ForMoreOrLess_NeverGivesMoreThanCountAndNeverRepeats()
    {
        var search = Create(OptionsWith());
        Assert.Empty(search.Ask(0));
        var first = Assert.Single(search.Ask(1));
        var rest = search.Ask(int.MaxValue);

        Assert.DoesNotContain(first, rest);
        Assert.Empty(search.Ask(5));
        Assert.ThrowsAny<ArgumentException>(() => search.Ask(-1));
    }

    [Fact]
    public void Available_AtEveryTell_IsWhatAskingForAllWouldHandOut()
    {
        var options = OptionsWith();
        var search = Create(options);
        var inFlight = new Queue<Trial>();
        var told = 0;
        while (!search.IsFinished)
        {
            var available = search.Available;
            Assert.InRange(search.UntilBarrier, available, Budget - told - inFlight.Count);
            var asked = search.Ask(2);
            Assert.Equal(available - asked.Count, search.Available);
            foreach (var trial in asked)
            {
                inFlight.Enqueue(trial);
            }

            var restored = Searches.Restore(Algorithm, options, Space, search.Snapshot());
            var all = restored.Available;
            Assert.Equal(inFlight.Count + search.Available, all);
            Assert.Equal(all, restored.Ask(int.MaxValue).Count);
            Assert.Equal(0, restored.Available);
            var next = inFlight.Dequeue();
            search.Tell(next.Id, Evaluate(next));
            told++;
        }

        Assert.Equal((0, 0), (search.Available, search.UntilBarrier));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(61)]
    public void Run_AnyBudget_CreatesExactlySoMany(int budget)
    {
        var search = Create(OptionsWith(budget));
        Assert.False(search.IsFinished);

        Assert.Equal(budget, SearchDriver.Run(search, Evaluate).Count);
        Assert.True(search.IsFinished);
        Assert.Empty(search.Ask(1));
    }

    [Fact]
    public void Run_SameSeed_GivesTheSameTrialsAndAnotherSeedOthers()
    {
        var first = SearchDriver.Run(Create(OptionsWith(seed: 3)), Evaluate);

        Assert.Equal(first, SearchDriver.Run(Create(OptionsWith(seed: 3)), Evaluate));
        Assert.NotEqual(first, SearchDriver.Run(Create(OptionsWith(seed: 4)), Evaluate));
    }

    [Fact]
    public void Run_EveryTrialFails_StillSpendsTheBudget()
    {
        var told = SearchDriver.Run(Create(OptionsWith()), _ => EvaluationOutcome.Failed("out of memory"));

        Assert.Equal(Budget, told.Select(t => t.Genome).Distinct().Count());
    }

    [Fact]
    public void Run_SomeTrialsFailOrAreInfeasible_StillSpendsTheBudget()
    {
        var told = SearchDriver.Run(Create(OptionsWith()), MixedOutcome);

        Assert.Equal(Budget, told.Select(t => t.Genome).Distinct().Count());
    }

    /// <summary>A failure, an infeasible outcome or a plain one, by the genome alone, as outcomes from a cache would be.</summary>
    private EvaluationOutcome MixedOutcome(Trial trial)
    {
        var outcome = Evaluate(trial);
        return (trial.Genome.Genes.Sum() % 5) switch
        {
            0 => EvaluationOutcome.Failed("numbers overflowed"),
            1 => EvaluationOutcome.Success(outcome.Values, constraintViolation: trial.Genome.Genes[1] + 0.5),
            _ => outcome,
        };
    }
}
