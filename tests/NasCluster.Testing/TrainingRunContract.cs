using System.Collections.Immutable;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Training;
using Xunit;

namespace NasCluster.Testing;

/// <summary>What a training run does on every engine.</summary>
public abstract class TrainingRunContract
{
    protected static readonly LlamaConfiguration Configuration = TrainingCases.Grouped(tied: true);

    protected static readonly LlamaSpace Space = new(Configuration, LlamaSpaceOptions.Uniform(3, [1, 2, 3], [4, 9, 17], [1, 2]));

    protected TrainingRunOptions Short => new() { Steps = 12, BatchTokens = 60, Accumulate = 2, WarmUpSteps = 3, LearningRate = LearningRate };

    protected virtual TrainingRunOptions[] Recipes =>
    [
        Short,
        Short with { Sampling = SamplingRule.Alternating },
        Short with { Sampling = SamplingRule.Alternating, TrueShare = 0.3 },
        Short with { Sampling = SamplingRule.Sandwich },
        Short with { Sampling = SamplingRule.Uniform, TrueShare = 0.3, RandomSubNetworks = 3 },
        Short with { Sampling = SamplingRule.Uniform, TrueShare = 0.3, TeacherShare = 1 },
        Short with { Sampling = SamplingRule.Sandwich, TrueShare = 0.5, TeacherShare = 0.4 },
        Short with { TrueShare = 0.5, TeacherShare = 1 },
    ];

    /// <summary>A rate that the engine's optimiser learns by in some sixty steps.</summary>
    protected virtual double LearningRate => 0.01;

    /// <summary>Nats by which a mean of float32 may change when it is summed in another order.</summary>
    protected virtual double RoundingTolerance => 1e-6;

    /// <summary>The engine, in variants that change no bit.</summary>
    protected abstract ITrainingEngineFactory Engines(int variant);

    [ContractFact]
    public void Step_SavedAndResumedAtEveryStep_EndsWithTheSameBits()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.At("state.safetensors");
        foreach (var options in Recipes)
        {
            var through = Run(options, 0, int.MaxValue, null, out _);
            TrainingState? state = null;
            float[] bits = [];
            for (var stop = 1; stop <= options.Steps; stop++)
            {
                bits = Run(options, stop, stop, state, out state);
                state.Save(path, "this");
                state = TrainingState.Load(path, Configuration, "this");
            }

            Assert.Equal(through, bits);
            Assert.Equal(options.Steps, state!.Progress.Step);
        }
    }

    [ContractFact]
    public void Step_EveryRecipe_LearnsWhatItTrains()
    {
        foreach (var options in Recipes)
        {
            using var run = Start(options with { Steps = 60 }, 1, Data());
            var before = run.HeldOut(Data().Sequences);
            while (!run.IsFinished)
            {
                run.Step();
            }

            var after = run.HeldOut(Data().Sequences);
            Assert.True(after.Largest < before.Largest - 0.2, $"{options}: {before} {after}");
            Assert.True(options.Sampling == SamplingRule.None || after.Smallest < before.Smallest - 0.1, $"{options}: {before} {after}");
        }
    }

    [ContractFact]
    public void Step_Accumulated_HasTheGradientOfOneBatch()
    {
        // All sequences in one batch, and in two: the same mean over tokens, up to rounding, so nearly the same step.
        var data = Data();
        using var whole = Start(Short with { Steps = 1, WarmUpSteps = 0, Accumulate = 1, BatchTokens = int.MaxValue }, 1, data);
        var tokens = data.Sequences.Sum(s => s.TokenIds.Length - 1);
        using var parts = Start(Short with { Steps = 1, WarmUpSteps = 0, Accumulate = 2, BatchTokens = (tokens / 2) + 1 }, 1, data);
        var (one, two) = (whole.Step(), parts.Step());
        Assert.Equal(one.Tokens, two.Tokens);
        Assert.Equal(one.Loss, two.Loss, RoundingTolerance);
        Assert.Equal(one.GradientNorm, two.GradientNorm, 10 * RoundingTolerance);
    }

    [ContractFact]
    public void Step_LossThatIsNoNumber_FailsAndLeavesTheWeightsAlone()
    {
        using var run = Start(Short with { LearningRate = 90, AdamW = new AdamWOptions { WeightDecay = 0 }, Steps = 400, ClipNorm = double.PositiveInfinity }, 0, Data(), scale: 1e30f);
        float[] before = [];
        var failure = Assert.Throws<TrainingDivergedException>(() =>
        {
            while (!run.IsFinished)
            {
                before = Bits(run.Weights);
                run.Step();
            }
        });
        Assert.StartsWith("Training diverged at step ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, Bits(run.Weights));
        Assert.All(before, v => Assert.True(float.IsFinite(v)));
    }

    protected float[] Run(TrainingRunOptions options, int variant, long until, TrainingState? from, out TrainingState state)
    {
        using var run = Start(options, variant, Data());
        if (from is not null)
        {
            run.Restore(from);
        }

        while (!run.IsFinished && run.StepsDone < until)
        {
            run.Step();
        }

        state = run.State(TrainingProgress.Start with { Step = run.StepsDone, Tokens = run.TokensDone });
        return Bits(run.Weights);
    }

    protected TrainingRun Start(TrainingRunOptions options, int variant, TrainingSet data, float scale = 1)
    {
        using var random = RandomCheckpoint.Make(Configuration, 5);
        var weights = ParameterSet.Copy(random);
        foreach (var tensor in weights.Tensors.Where(t => t.Rows > 1))
        {
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] *= scale;
            }
        }

        using var checkpoint = weights.ToCheckpoint();
        using var teacher = options.TeacherShare > 0 ? RandomCheckpoint.Make(Configuration, 5) : null;
        return new TrainingRun(Engines(variant), checkpoint, options.Sampling == SamplingRule.None ? null : Space, data, options, teacher);
    }

    // Counting up from a random number: there is something to learn for a network of any size.
    protected static TrainingSet Data()
    {
        var random = new Random(3);
        ImmutableArray<ScoringRequest> sequences =
        [
            .. Enumerable.Range(0, 20).Select(_ =>
            {
                var first = random.Next(Configuration.VocabularySize);
                return new ScoringRequest([.. Enumerable.Range(first, random.Next(8, 30)).Select(v => v % Configuration.VocabularySize)], random.Next(1, 4));
            }),
        ];
        return new TrainingSet("test", sequences, "data", 0);
    }

    protected static float[] Bits(ParameterSet set) => [.. set.Tensors.SelectMany(t => t.Values)];
}
