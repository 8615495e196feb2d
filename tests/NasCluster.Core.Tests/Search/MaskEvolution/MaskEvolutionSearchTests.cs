using System.Collections.Immutable;
using System.Security.Cryptography;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search;
using NasCluster.Core.Search.MaskEvolution;
using NasCluster.Core.Spaces.Masks;
using NasCluster.Core.Tests.Spaces.Masks;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Search.MaskEvolution;

public class MaskEvolutionSearchTests
{
    private static readonly MaskSpace Masks = MaskNetworks.Space(new MaskSpaceOptions { HeadPairs = true, MlpChannels = true, Depths = [2, 3] });

    private static readonly MaskEvolutionOptions Algorithm = MaskNetworks.Evolution(Masks, 0.68, 0.72) with
    {
        Mutations = 10,
        Crossovers = 6,
        StrongMutations = 4,
        Elite = 4,
    };

    private static readonly SearchOptions Options = new()
    {
        Objectives = [new Objective("loss", ObjectiveDirection.Minimise, ObjectiveKind.Scored)],
        Budget = 300,
        Seed = 5,
        InitialGenomes = [Masks.FullGenome],
    };

    [Fact]
    public void Run_WindowOfSizes_TriesNothingElseButTheInitialGenomes()
    {
        var told = SearchDriver.Run(Searches.Create(Algorithm, Options, Masks), t => Outcome(Loss(t.Genome)));

        Assert.Equal(Masks.FullGenome, told[0].Genome);
        Assert.Equal(Options.Budget, told.Select(t => t.Genome).Distinct().Count());
        Assert.All(told.Skip(1), t => Assert.InRange(SizeOf(t.Genome), Algorithm.SmallestSize, Algorithm.LargestSize));
        Assert.All(told, t => Assert.Equal(t.Genome, Masks.Canonicalise(t.Genome)));
    }

    /// <summary>Each bit has a worth that importance does not know, so that the start is no better than chance.</summary>
    [Fact]
    public void Run_SeparableLoss_FindsBetterMasksThanChance()
    {
        foreach (var seed in new ulong[] { 1, 2, 3 })
        {
            var best = SearchDriver.Run(Searches.Create(Algorithm, Options with { Seed = seed, InitialGenomes = [] }, Masks), t => Outcome(Loss(t.Genome))).Min(t => Loss(t.Genome));
            var random = SearchDriver.Run(
                Searches.Create(
                    Algorithm with { Mutations = 0, Crossovers = 0, StrongMutations = 300, StrongMaskProbability = 1, StrongShareProbability = 1, Similarity = 0 },
                    Options with { Seed = seed, InitialGenomes = [] }, Masks),
                t => Outcome(Loss(t.Genome))).Min(t => Loss(t.Genome));

            Assert.True(best < random, $"Seed {seed}: {best}, by chance {random}.");
        }
    }

    [Fact]
    public void Run_BestIsOutsideTheWindow_IsNoParent()
    {
        // The whole network is by far the best; children of it would be as large as the window lets them, and nothing else.
        var withIt = Run(0);
        var withBad = Run(1000);
        Assert.Equal(withIt, withBad);

        List<Genome> Run(double wholeLoss) =>
        [
            .. SearchDriver.Run(Searches.Create(Algorithm, Options, Masks), t => Outcome(t.Genome.Equals(Masks.FullGenome) ? wholeLoss : 10 + Loss(t.Genome))).Select(t => t.Genome),
        ];
    }

    [Fact]
    public void Run_SeveralObjectives_KeepsTheBestFronts()
    {
        var options = Options with { Objectives = [.. Options.Objectives, new Objective("size", ObjectiveDirection.Maximise, ObjectiveKind.Analytic)] };
        var told = SearchDriver.Run(
            Searches.Create(Algorithm, options, Masks),
            t => EvaluationOutcome.Success([new ObjectiveValue(Loss(t.Genome), 0), new ObjectiveValue(SizeOf(t.Genome), 0)]));

        Assert.Equal(options.Budget, told.Count);
        Assert.True(told.Skip(250).Average(t => Loss(t.Genome)) < told.Skip(2).Take(19).Average(t => Loss(t.Genome)));
    }

    [Fact]
    public void Run_EverythingFails_GoesOnFromTheStart()
    {
        var told = SearchDriver.Run(Searches.Create(Algorithm, Options, Masks), _ => EvaluationOutcome.Failed("no memory"));
        Assert.Equal(Options.Budget, told.Select(t => t.Genome).Distinct().Count());
    }

    [Fact]
    public void Create_NoMaskInTheWindow_NamesTheNearestSizeAndWhatIsAllowed()
    {
        // Sections move by one pair (a twelfth of a layer's attention) or one channel, and no less.
        var narrow = Algorithm with { SmallestSize = Algorithm.SmallestSize + 1, LargestSize = Algorithm.SmallestSize + 1 };
        var failure = Assert.Throws<NasClusterException>(() => Searches.Create(narrow, Options, Masks));
        Assert.Contains($"No mask has a size from {narrow.SmallestSize} to {narrow.LargestSize}", failure.Message, StringComparison.Ordinal);
        Assert.Matches("The nearest size possible is \\d+\\.", failure.Message);

        var below = Algorithm with { SmallestSize = 1, LargestSize = 5 };
        failure = Assert.Throws<NasClusterException>(() => Searches.Create(below, Options, Masks));
        var smallest = new MaskBreeder(below, Masks, new ScriptedRandom()).Sizes().Smallest;
        Assert.Contains($"allow {smallest} to {MaskNetworks.Size(Masks)} weights in the layers. The nearest size possible is {smallest}.", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Two layers of two pairs: a dozen masks in all, so the search must see that there is no more and say it is finished.</summary>
    [Fact]
    public void Run_NoNewMaskToBeFound_EndsEarlyAndDoesSoRestored()
    {
        var network = MaskNetworks.Configuration with { HeadSize = 4, Layers = [.. MaskNetworks.Configuration.Layers.Take(2)] };
        var space = new MaskSpace(network, new MaskSpaceOptions { HeadPairs = true });
        var algorithm = MaskNetworks.Evolution(space, 0.7, 0.9) with { Mutations = 4, Crossovers = 2, StrongMutations = 2, Elite = 3, Tries = 200 };
        var options = Options with { InitialGenomes = [space.FullGenome] };
        var search = Searches.Create(algorithm, options, space);
        var told = new List<Trial>();
        while (!search.IsFinished)
        {
            var trials = search.Ask(3);
            Assert.NotEmpty(trials);
            foreach (var trial in trials)
            {
                search.Tell(trial.Id, Outcome(trial.Genome.Genes.Sum()));
                told.Add(trial);
            }

            search = Searches.Restore(algorithm, options, space, search.Snapshot());
        }

        // A layer keeps at least half of its pairs.
        var all = Enumerable.Range(0, 16).Where(i => (i & 3) != 0 && (i >> 2) != 0).Select(i => new Genome([0, i & 3, i >> 2]))
            .Count(g => space.BlockParameters(space.Read(g), 0) is var s && s >= algorithm.SmallestSize && s <= algorithm.LargestSize);
        Assert.Equal(all + 1, told.Count);
        Assert.Equal(told.Count, told.Select(t => t.Genome).Distinct().Count());
    }

    /// <summary>What a fixed seed tries, as it was when the test was written: a change here changes every recorded run.</summary>
    [Fact]
    public void Run_FixedSeed_TriesWhatItAlwaysTried()
    {
        var told = SearchDriver.Run(Searches.Create(Algorithm, Options, Masks), t => Outcome(Loss(t.Genome)));
        var text = string.Join('\n', told.Select(t => t.Genome.ToString()));
        Assert.Equal("47efeb2c27dcc0e0", Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..16]);
    }

    [Fact]
    public void Restore_StateChangedUnderAValidChecksum_ThrowsOrRestores() => HostileSnapshots.Check(Algorithm, Options with { Budget = 60 }, Masks, t => Outcome(Loss(t.Genome)));

    private static EvaluationOutcome Outcome(double loss) => EvaluationOutcome.Success([new ObjectiveValue(loss, 0)]);

    private static long SizeOf(Genome genome) => Masks.BlockParameters(Masks.Read(genome), genome.Genes[0]);

    private static double Loss(Genome genome)
    {
        var mask = Masks.Read(genome);
        return Worths.Select((w, i) => mask[i] ? 0 : w).Sum();
    }

    private static ImmutableArray<double> Worths { get; } = Draw();

    private static ImmutableArray<double> Draw()
    {
        var random = new Xoshiro256(11);
        return [.. Enumerable.Range(0, Masks.BitCount).Select(_ => random.NextDouble())];
    }
}
