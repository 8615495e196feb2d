using NasCluster.Core.Randomness;
using NasCluster.Core.Search;
using NasCluster.Core.Search.PolicyGradient;
using NasCluster.Core.Spaces.Masks;
using NasCluster.Core.Tests.Spaces.Masks;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Search.PolicyGradient;

public class PolicyGradientSearchTests
{
    private static readonly MaskSpace Channels = MaskNetworks.Space(new MaskSpaceOptions { MlpChannels = true });
    private static readonly Objective Loss = new("loss", ObjectiveDirection.Minimise, ObjectiveKind.Scored);

    /// <summary>Three layers of two KV groups: six bits, whose 64 masks can all be listed.</summary>
    private static readonly MaskSpace SixBits = MaskNetworks.Space(new MaskSpaceOptions { KvGroups = true });

    private static readonly double[] Six = [0.2, 0.35, 0.5, 0.6, 0.75, 0.4];

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Tell_FirstStepOfManySeeds_FollowsTheExactGradient(int samples)
    {
        // At the first step the baseline is the mean, and with the score divided by s (1 - s) the estimate is unbiased.
        const double rate = 1e-6;
        const int seeds = 40_000;
        var algorithm = Begin(Six) with { LearningRate = rate, Scaling = ScoreScaling.Variance, Epsilon = 1e-12 };
        var space = new SampledMaskSpace(SixBits, 2, samples, 1);
        var sum = new double[6];
        var squares = new double[6];
        for (var seed = 0; seed < seeds; seed++)
        {
            var search = Searches.Create(algorithm, new SearchOptions { Objectives = [Loss], Budget = 2 * samples, Seed = (ulong)seed }, space);
            foreach (var trial in search.Ask(samples))
            {
                search.Tell(trial.Id, Outcome(CoupledLoss(MaskOf(space, trial))));
            }

            var after = ((IMaskProbabilities)search).Probabilities.ToArray();
            for (var i = 0; i < 6; i++)
            {
                var gradient = (Six[i] - after[i]) / rate;
                sum[i] += gradient;
                squares[i] += gradient * gradient;
            }
        }

        var exact = ExactGradient();
        Assert.All(Enumerable.Range(0, 6), i =>
        {
            // Five standard errors of what was averaged; the seeds are fixed. They are a few per cent of the gradients.
            var error = Math.Sqrt(((squares[i] / seeds) - (sum[i] / seeds * (sum[i] / seeds))) / seeds);
            Assert.InRange(sum[i] / seeds, exact[i] - (5 * error), exact[i] + (5 * error));
            Assert.True(5 * error < 0.3 * exact.Max(Math.Abs), $"The error is {error}, which shows nothing.");
        });
    }

    [Theory]
    [InlineData(ScoreScaling.Deviation, 2)]
    [InlineData(ScoreScaling.Deviation, 8)]
    [InlineData(ScoreScaling.Variance, 4)]
    public void Run_AdditiveLoss_FindsTheBestBits(ScoreScaling scaling, int samples)
    {
        var worths = Worths(Channels.BitCount);
        var space = new SampledMaskSpace(Channels, 1500, samples, 1);
        var search = Run(
            Begin([.. Enumerable.Repeat(0.5, Channels.BitCount)]) with { MlpShare = 0.5, LearningRate = scaling == ScoreScaling.Variance ? 0.01 : 0.02, Scaling = scaling },
            space, mask => worths.Select((w, i) => mask[i] ? 0 : w).Sum());

        var kept = search.HardMask();
        var best = Enumerable.Range(0, worths.Length).OrderByDescending(i => worths[i]).Take(worths.Length / 2).ToHashSet();

        // Bits of nearly the same worth at the border may go either way; a mask drawn blindly loses twice the best one's loss.
        Assert.Equal(worths.Length / 2, kept.Count(b => b));
        Assert.InRange(Enumerable.Range(0, kept.Length).Count(i => kept[i] && best.Contains(i)), (worths.Length / 2) - 3, worths.Length / 2);
        Assert.InRange(Enumerable.Range(0, kept.Length).Where(i => !kept[i]).Sum(i => worths[i]), 0, 1.1 * Enumerable.Range(0, kept.Length).Where(i => !best.Contains(i)).Sum(i => worths[i]));
    }

    [Theory]
    [InlineData(ObjectiveDirection.Minimise)]
    [InlineData(ObjectiveDirection.Maximise)]
    public void Run_EitherDirection_GoesTheSameWay(ObjectiveDirection direction)
    {
        var space = new SampledMaskSpace(SixBits, 300, 4, 1);
        var sign = direction == ObjectiveDirection.Maximise ? -1 : 1;
        var search = Run(Begin(Six) with { AttentionShare = 0.5, LearningRate = 0.05 }, space, m => sign * m.Select((b, i) => b ? 0.0 : i).Sum(), direction);
        Assert.Equal([false, false, false, true, true, true], search.HardMask());
    }

    [Fact]
    public void Tell_InAnyOrder_TakesTheStepWhenTheLastIsTold()
    {
        var space = new SampledMaskSpace(SixBits, 3, 4, 2);
        var (forth, back) = (Create(space), Create(space));
        var before = ((IMaskProbabilities)forth).Probabilities.ToArray();
        var trials = forth.Ask(10);
        Assert.Equal(4, trials.Count);
        Assert.Equal(trials, back.Ask(10));
        foreach (var trial in trials)
        {
            Assert.Equal(before, ((IMaskProbabilities)forth).Probabilities.ToArray());
            Assert.Empty(forth.Ask(1));
            forth.Tell(trial.Id, Outcome(CoupledLoss(MaskOf(space, trial))));
        }

        foreach (var trial in trials.Reverse())
        {
            back.Tell(trial.Id, Outcome(CoupledLoss(MaskOf(space, trial))));
        }

        Assert.NotEqual(before, ((IMaskProbabilities)forth).Probabilities.ToArray());
        Assert.Equal(((IMaskProbabilities)forth).Probabilities.ToArray(), ((IMaskProbabilities)back).Probabilities.ToArray());
        Assert.Equal([0, 1], new[] { trials[0], forth.Ask(1)[0] }.Select(t => space.BatchOf(t.Genome)!.Value));
    }

    [Fact]
    public void Tell_FailedTrials_CountForNothing()
    {
        // A step of two told and two failed moves as the same two would alone; a step of failures moves nothing.
        var space = new SampledMaskSpace(SixBits, 3, 4, 1);
        var search = Create(space);
        var before = ((IMaskProbabilities)search).Probabilities.ToArray();
        foreach (var trial in search.Ask(4))
        {
            search.Tell(trial.Id, EvaluationOutcome.Failed("no memory"));
        }

        Assert.Equal(before, ((IMaskProbabilities)search).Probabilities.ToArray());
        var masks = new List<bool[]>();
        foreach (var trial in search.Ask(4))
        {
            masks.Add(MaskOf(space, trial));
            search.Tell(trial.Id, masks.Count <= 2 ? Outcome(masks.Count) : EvaluationOutcome.Failed("no memory"));
        }

        // Losses 1 and 2 with baseline 1.5, the first there is; K - 1 = 1; the second of three steps.
        var rate = 0.01 * 0.5 * (1 + Math.Cos(Math.PI / 3));
        var expected = Six.Select((s, i) =>
        {
            var scale = Math.Sqrt((s + 1e-3) * (1 - s + 1e-3));
            return s - (rate * ((-0.5 * ((masks[0][i] ? 1 : 0) - s) / scale) + (0.5 * ((masks[1][i] ? 1 : 0) - s) / scale)));
        });
        Assert.All(((IMaskProbabilities)search).Probabilities.Zip(expected), p => Assert.Equal(p.Second, p.First, 1e-12));
    }

    [Fact]
    public void Run_OneMaskAStep_FollowsTheBaselineOfStepsBefore()
    {
        var space = new SampledMaskSpace(SixBits, 2000, 1, 1);
        var search = Run(Begin(Six) with { AttentionShare = 0.5, LearningRate = 0.02 }, space, m => m.Select((b, i) => b ? 0.0 : i).Sum());
        Assert.Equal([false, false, false, true, true, true], search.HardMask());
    }

    [Fact]
    public void Run_BudgetNoMultiple_TakesALastSmallerStep()
    {
        var space = new SampledMaskSpace(SixBits, 4, 3, 1);
        var search = Searches.Create(Begin(Six), new SearchOptions { Objectives = [Loss], Budget = 10, Seed = 1 }, space);
        var told = SearchDriver.Run(search, t => Outcome(CoupledLoss(MaskOf(space, t))));
        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 2, 2, 3], told.Select(t => t.Genome.Genes[0]));
    }

    [Fact]
    public void Create_MoreThanTheShare_ProjectsEachPoolApart()
    {
        var masks = MaskNetworks.Space(new MaskSpaceOptions { Layers = true, KvGroups = true, HeadPairs = true, MlpChannels = true });
        var algorithm = Begin([.. Enumerable.Repeat(0.9, masks.BitCount)]) with { AttentionShare = 0.5, MlpShare = 0.25, LayerShare = 1 };
        var search = Searches.Create(algorithm, new SearchOptions { Objectives = [Loss], Budget = 4, Seed = 1 }, new SampledMaskSpace(masks, 2, 2, 1));
        var probabilities = ((IMaskProbabilities)search).Probabilities.ToArray();
        var hard = ((IMaskProbabilities)search).HardMask();

        Assert.All(masks.Sections, s =>
        {
            var expected = s.Part switch { MaskPart.Layer => 0.9, MaskPart.MlpChannel => 0.25, _ => 0.5 };
            Assert.All(s.Of<double>(probabilities).ToArray(), p => Assert.Equal(expected, p, 1e-12));
        });
        Assert.Equal(3, hard[..3].Count(b => b));
        Assert.Equal(15, Count(MaskPart.MlpChannel));
        Assert.Equal(9, Count(MaskPart.KvGroup) + Count(MaskPart.HeadPair));

        int Count(MaskPart part) => masks.Sections.Where(s => s.Part == part).Sum(s => s.Of<bool>(hard).Count(true));
    }

    [Fact]
    public void Create_WhatDoesNotFit_SaysWhat()
    {
        var space = new SampledMaskSpace(SixBits, 3, 2, 1);
        var options = new SearchOptions { Objectives = [Loss], Budget = 6, Seed = 1 };
        Refused(Begin(Six), options with { Budget = 7 }, space, "3 steps of 2 masks");
        Refused(Begin(Six[1..]), options, space, "Start has 5 probabilities; the space has 6 bits");
        Refused(Begin(Six), options, SixBits, "draws masks by steps");
        Refused(Begin(Six), options with { Objectives = [Loss, Loss with { Name = "size" }] }, space, "follows one objective");
        Refused(Begin(Six) with { AttentionShare = 0, LearningRate = double.NaN, Epsilon = 0, BaselineWindow = 0.5 }, options, space, "AttentionShare is 0");
        Refused(Begin([0.1, 0.2, 0.3, 0.4, 0.5, double.NaN]), options, space, "Start has values outside [0, 1]");

        static void Refused(AlgorithmOptions algorithm, SearchOptions options, ISearchSpace space, string says) =>
            Assert.Contains(says, Assert.Throws<NasClusterException>(() => Searches.Create(algorithm, options, space)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_StateChangedUnderAValidChecksum_ThrowsOrRestores()
    {
        var space = new SampledMaskSpace(SixBits, 10, 3, 2);
        HostileSnapshots.Check(Begin(Six), new SearchOptions { Objectives = [Loss], Budget = 30, Seed = 1 }, space, t => Outcome(CoupledLoss(MaskOf(space, t))));
    }

    private static ISearch Create(SampledMaskSpace space) => Searches.Create(
        Begin(Six) with { LearningRate = 0.01 }, new SearchOptions { Objectives = [Loss], Budget = space.Steps * space.Samples, Seed = 3 }, space);

    private static IMaskProbabilities Run(
        PolicyGradientOptions algorithm, SampledMaskSpace space, Func<bool[], double> loss, ObjectiveDirection direction = ObjectiveDirection.Minimise)
    {
        var search = Searches.Create(
            algorithm, new SearchOptions { Objectives = [Loss with { Direction = direction }], Budget = space.Steps * space.Samples, Seed = 1 }, space);
        SearchDriver.Run(search, t => Outcome(loss(MaskOf(space, t))));
        return (IMaskProbabilities)search;
    }

    private static PolicyGradientOptions Begin(params double[] start) => new() { Start = [.. start], AttentionShare = 1, MlpShare = 1 };

    private static bool[] MaskOf(SampledMaskSpace space, Trial trial) => space.Masks.Read(new Genome(trial.Genome.Genes[2..]));

    private static EvaluationOutcome Outcome(double loss) => EvaluationOutcome.Success([new ObjectiveValue(loss, 0)]);

    /// <summary>Bits that help, and help more or less beside one another.</summary>
    private static double CoupledLoss(bool[] mask)
    {
        var m = Array.ConvertAll(mask, b => b ? 1.0 : 0.0);
        return 3 - m[0] + (2 * m[1]) - (0.5 * m[2]) + (1.5 * m[3] * m[4]) - (m[0] * m[5]) + (0.7 * m[1] * m[2] * m[5]);
    }

    /// <summary>The derivative of the expected loss by each probability: the loss with the bit less the loss without, averaged over the others.</summary>
    private static double[] ExactGradient() => [.. Enumerable.Range(0, 6).Select(bit => Enumerable.Range(0, 64).Sum(number =>
    {
        bool[] mask = [.. Enumerable.Range(0, 6).Select(i => (number >> i & 1) == 1)];
        var probability = Enumerable.Range(0, 6).Where(i => i != bit).Aggregate(1.0, (p, i) => p * (mask[i] ? Six[i] : 1 - Six[i]));
        return (mask[bit] ? 1 : -1) * probability * CoupledLoss(mask);
    }))];

    private static double[] Worths(int count)
    {
        var random = new Xoshiro256(21);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())];
    }
}
