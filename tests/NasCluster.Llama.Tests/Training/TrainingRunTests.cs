using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NasCluster.Core;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Training;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Training;

public sealed class TrainingRunTests : TrainingRunContract
{
    protected override ITrainingEngineFactory Engines(int variant) => new CpuTrainingEngineFactory(new CpuEngineOptions { Threads = 1 + (variant % 3) });


    /// <summary>Losses and weights of all recipes; the hash is of before engines were parted from what a step is made of.</summary>
    [Fact]
    public void Step_EveryRecipe_HasTheBitsItAlwaysHad()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var options in Recipes)
        {
            using var run = Start(options, 1, Data());
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
        Run(Short, 0, 1, null, out var state);
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
        Run(Short, 0, 1, null, out var state);
        File.WriteAllText(path + ".partial", "left by a kill");
        state.Save(path, "x");
        state.Save(path, "x");
        Assert.Equal([path], Directory.GetFiles(directory.Root));
    }
}
