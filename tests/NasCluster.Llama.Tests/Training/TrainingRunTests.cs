using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NasCluster.Core;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Training;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Training;

public sealed class TrainingRunTests
{
    private static readonly LlamaConfiguration Configuration = TrainingCases.Grouped(tied: true);

    private static readonly LlamaSpace Space = new(Configuration, LlamaSpaceOptions.Uniform(3, [1, 2, 3], [4, 9, 17], [1, 2]));

    private static readonly TrainingRunOptions Short = new() { Steps = 12, BatchTokens = 60, Accumulate = 2, WarmUpSteps = 3, LearningRate = 0.01 };

    private static readonly TrainingRunOptions[] All =
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

    public static TheoryData<TrainingRunOptions> Recipes => [.. All];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Step_SavedAndResumedAtEveryStepOnOtherThreads_EndsWithTheSameBits(TrainingRunOptions options)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.At("state.safetensors");
        var through = Run(options, 1, int.MaxValue, null, out _);
        TrainingState? state = null;
        float[] bits = [];
        for (var stop = 1; stop <= options.Steps; stop++)
        {
            bits = Run(options, 1 + (stop % 3), stop, state, out state);
            state.Save(path, "this");
            state = TrainingState.Load(path, Configuration, "this");
        }

        Assert.Equal(through, bits);
        Assert.Equal(options.Steps, state!.Progress.Step);
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Step_EveryRecipe_LearnsWhatItTrains(TrainingRunOptions options)
    {
        using var run = Start(options with { Steps = 60 }, 2, Data());
        var before = run.HeldOut(Data().Sequences);
        while (!run.IsFinished)
        {
            run.Step();
        }

        var after = run.HeldOut(Data().Sequences);
        Assert.True(after.Largest < before.Largest - 0.2, $"{before} {after}");
        Assert.True(options.Sampling == SamplingRule.None || after.Smallest < before.Smallest - 0.1, $"{before} {after}");
    }

    /// <summary>Losses and weights of all recipes; the hash is of before engines were parted from what a step is made of.</summary>
    [Fact]
    public void Step_EveryRecipe_HasTheBitsItAlwaysHad()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var options in All)
        {
            using var run = Start(options, 2, Data());
            while (!run.IsFinished)
            {
                var step = run.Step();
                hash.AppendData(MemoryMarshal.AsBytes<double>([step.Loss, step.GradientNorm, step.LearningRate]));
            }

            hash.AppendData(MemoryMarshal.AsBytes<float>(Bits(run.Weights)));
            var (largest, smallest, random) = run.HeldOut(Data().Sequences);
            hash.AppendData(MemoryMarshal.AsBytes<double>([largest, smallest, random]));
        }

        Assert.StartsWith("5B2441562484FFFE74858B5C71C9B9E1B61C41FE4", Convert.ToHexString(hash.GetHashAndReset()), StringComparison.Ordinal);
    }

    [Fact]
    public void Step_Accumulated_HasTheGradientOfOneBatch()
    {
        // All sequences in one batch, and in two: the same mean over tokens, up to rounding, so nearly the same step.
        var data = Data();
        var whole = Start(Short with { Steps = 1, WarmUpSteps = 0, Accumulate = 1, BatchTokens = int.MaxValue }, 2, data);
        var tokens = data.Sequences.Sum(s => s.TokenIds.Length - 1);
        var parts = Start(Short with { Steps = 1, WarmUpSteps = 0, Accumulate = 2, BatchTokens = (tokens / 2) + 1 }, 2, data);
        var (one, two) = (whole.Step(), parts.Step());
        Assert.Equal(one.Tokens, two.Tokens);
        Assert.Equal(one.Loss, two.Loss, 1e-6);
        Assert.Equal(one.GradientNorm, two.GradientNorm, 1e-5);
    }

    [Fact]
    public void Step_LossThatIsNoNumber_FailsAndLeavesTheWeightsAlone()
    {
        using var run = Start(Short with { LearningRate = 90, AdamW = new AdamWOptions { WeightDecay = 0 }, Steps = 400, ClipNorm = double.PositiveInfinity }, 1, Data(), scale: 1e30f);
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

    [Theory]
    [InlineData("TeacherShare is 0.5, but there is no teacher")]
    public void Start_TeacherShareWithoutATeacher_Fails(string message)
    {
        using var checkpoint = RandomCheckpoint.Make(Configuration, 1);
        var failure = Assert.Throws<NasClusterException>(() => new TrainingRun(new CpuTrainingEngineFactory(), checkpoint, Space, Data(), Short with { TeacherShare = 0.5 }));
        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_EverythingWrong_NamesEverything()
    {
        var problems = new TrainingRunOptions
        {
            Steps = 0,
            BatchTokens = 0,
            Accumulate = 0,
            LearningRate = double.NaN,
            WarmUpSteps = -1,
            FinalLearningRateShare = 2,
            ClipNorm = 0,
            RandomSubNetworks = 0,
            TrueShare = -1,
            TeacherShare = 2,
            AdamW = new AdamWOptions { Beta1 = 1, Beta2 = 1, Epsilon = 0, WeightDecay = -1 },
        }.Problems();
        Assert.Equal(14, problems.Count);
        Assert.Contains("LearningRate is NaN; it must be finite and above 0.", problems);
        Assert.Empty(new TrainingRunOptions().Problems());
    }

    [Fact]
    public void Load_StateOfAnotherTraining_SaysWhatDiffers()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.At("state.safetensors");
        Run(Short, 1, 1, null, out var state);
        state.Save(path, "network a\nseed 1");
        var failure = Assert.Throws<NasClusterException>(() => TrainingState.Load(path, Configuration, "network a\nseed 2"));
        Assert.Contains("it has 'seed 1' where this one has 'seed 2'", failure.Message, StringComparison.Ordinal);
        HuggingFaceDirectory.Write(state.Weights.ToCheckpoint(), directory.At("model"));
        failure = Assert.Throws<NasClusterException>(() => TrainingState.Load(Path.Combine(directory.At("model"), "model.safetensors"), Configuration, ""));
        Assert.Contains("this is not the state of a training", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_OverAnEarlierState_LeavesNothingElse()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.At("state.safetensors");
        Run(Short, 1, 1, null, out var state);
        File.WriteAllText(path + ".partial", "left by a kill");
        state.Save(path, "x");
        state.Save(path, "x");
        Assert.Equal([path], Directory.GetFiles(directory.Root));
    }

    private static float[] Run(TrainingRunOptions options, int threads, long until, TrainingState? from, out TrainingState state)
    {
        using var run = Start(options, threads, Data());
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

    private static TrainingRun Start(TrainingRunOptions options, int threads, TrainingSet data, float scale = 1)
    {
        using var checkpoint = RandomCheckpoint.Make(Configuration, 5);
        foreach (var tensor in TensorCatalog.Tensors(checkpoint).Cast<InMemoryTensor>().Where(t => t.Rows > 1))
        {
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] *= scale;
            }
        }

        var engine = new CpuEngineOptions { Threads = threads };
        using var teacher = options.TeacherShare > 0 ? RandomCheckpoint.Make(Configuration, 5) : null;
        return new TrainingRun(new CpuTrainingEngineFactory(engine), checkpoint, options.Sampling == SamplingRule.None ? null : Space, data, options, teacher);
    }

    // Counting up from a random number: there is something to learn for a network of any size.
    private static TrainingSet Data()
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

    private static float[] Bits(ParameterSet set) => [.. set.Tensors.SelectMany(t => t.Values)];
}
