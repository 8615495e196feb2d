using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Training;
using NasCluster.Pipeline.Training;
using NasCluster.Testing;

namespace NasCluster.Pipeline.Tests.Training;

public sealed class TrainingSessionTests
{
    private static readonly LlamaConfiguration Configuration = TrainingCases.Grouped(tied: true);
    private static readonly TrainingRunOptions Options = new() { Steps = 4, WarmUpSteps = 1, BatchTokens = 30 };

    [Fact]
    public void Run_StoppedOnAnEngine_GoesOnOnThatEngineOnly()
    {
        using var directory = new TemporaryDirectory();
        var (path, whole) = (directory.At("state.safetensors"), directory.At("whole.safetensors"));
        Train(path, new NamedEngines("card"), steps: 2);
        Assert.Contains("'engine card' where this one has 'engine chip'", Failure(new NamedEngines("chip")), StringComparison.Ordinal);
        Assert.Contains("'engine card' where this one has ''", Failure(new CpuTrainingEngineFactory()), StringComparison.Ordinal);
        Assert.Equal(Train(whole, new CpuTrainingEngineFactory(), steps: 4), Train(path, new NamedEngines("card"), steps: 4));

        string Failure(ITrainingEngineFactory engines) => Assert.Throws<NasClusterException>(() => Train(path, engines, steps: 4)).Message;
    }

    private static float[] Train(string path, ITrainingEngineFactory engines, int steps)
    {
        using var checkpoint = RandomCheckpoint.Make(Configuration, 1);
        var data = new TrainingSet("test", [.. TrainingCases.Sequences(Configuration, 1, 20, 30, 12, 9)], "data", 0);
        using var session = TrainingSession.Open(new TrainingJob(checkpoint, data, null, null, Options), new TrainingCadence(2, 1), path, engines);
        using var stop = new CancellationTokenSource();
        session.Run(
            (_, progress) =>
            {
                if (progress.Step >= steps)
                {
                    stop.Cancel();
                }
            },
            stop.Token);
        return [.. session.Weights.Tensors.SelectMany(t => t.Values)];
    }

    /// <summary>The CPU engine under a name of its own.</summary>
    private sealed class NamedEngines(string name) : ITrainingEngineFactory
    {
        public string Identity => name;

        public ITrainingEngine Create(LlamaCheckpoint network, LlamaCheckpoint? teacher, TrainingRunOptions options) =>
            new CpuTrainingEngineFactory().Create(network, teacher, options);
    }
}
