using System.Diagnostics;
using System.Text.Json;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Training;
using NasCluster.Testing;

namespace NasCluster.Benchmarks.Training;

/// <summary>Our training step beside PyTorch's, as <c>peers/training/README.md</c> says: first that both compute the same, then how fast.</summary>
internal sealed class TrainingPeer : IDisposable
{
    private const int StepsPerRound = 1;
    private const int CheckedSteps = 4;
    private const double LearningRate = 1e-4;

    // Both sum in float32, in different orders; beyond these they would compute different things.
    private const double LossTolerance = 1e-5;
    private const double GradientTolerance = 1e-4;
    private const double TrainedLossTolerance = 1e-5;

    private readonly TemporaryDirectory _directory = new();
    private readonly ScoringRequest[] _batch = TrainingTask.Batch();
    private readonly ParameterSet _gradients = ParameterSet.Zero(TrainingTask.Configuration);
    private readonly TrainableNetwork _network;
    private readonly AdamW _optimiser;
    private readonly PeerProcess _peer;
    private readonly int _threads;

    private TrainingPeer(string python, int threads)
    {
        _threads = threads;
        using var checkpoint = RandomCheckpoint.Make(TrainingTask.Configuration, 1);
        var options = new AdamWOptions();
        _network = new TrainableNetwork(checkpoint, new CpuEngineOptions { Threads = threads });
        _optimiser = new AdamW(_network.Weights, options, threads);
        HuggingFaceDirectory.Write(checkpoint, _directory.At("network"));
        Write("tokens.json", _batch.Select(r => r.TokenIds));
        Write("optimiser.json", new
        {
            learning_rate = LearningRate,
            beta1 = options.Beta1,
            beta2 = options.Beta2,
            epsilon = options.Epsilon,
            weight_decay = options.WeightDecay,
        });
        Directory.CreateDirectory(_directory.At("gradients"));
        File.Copy(_directory.At("network/config.json"), _directory.At("gradients/config.json"));
        _peer = new PeerProcess(python, threads, _directory.At("network"), _directory.At("gradients/model.safetensors"));
    }

    /// <summary>Prints the comparison.</summary>
    /// <param name="python">An interpreter that has PyTorch.</param>
    /// <param name="threads">Threads of each; with 1, processor times can be compared on a busy machine, too, where threads that wait for others burn them.</param>
    /// <param name="seconds">How long to measure, about.</param>
    /// <returns>0 if both compute the same and ours is at least 1.5 times as fast with the optimiser's step, else 1.</returns>
    public static int Run(string python, int threads, double seconds)
    {
        using var peer = new TrainingPeer(python, threads);
        return peer.ComputesTheSame() && peer.Compare(seconds) ? 0 : 1;
    }

    public void Dispose()
    {
        _peer.Dispose();
        _network.Dispose();
        _directory.Dispose();
    }

    private void Write(string name, object value) => File.WriteAllText(Path.Combine(_directory.At("network"), name), JsonSerializer.Serialize(value));

    private double Gradients()
    {
        _gradients.Clear();
        return _network.LossAndGradients(TrainingTask.Configuration.FullArchitecture, _batch, _gradients);
    }

    private double Step()
    {
        var loss = Gradients();
        _optimiser.Step(_gradients, LearningRate);
        _network.WeightsChanged();
        return loss;
    }

    private bool ComputesTheSame()
    {
        var loss = Gradients();
        var theirs = _peer.First.Losses[0];
        using var written = LlamaCheckpoints.Open(_directory.At("gradients"));
        var worst = _gradients.Tensors.Zip(ParameterSet.Copy(written).Tensors)
            .Select(pair => (pair.First.Name, Error: RelativeError(pair.First.Values, pair.Second.Values)))
            .MaxBy(e => e.Error);
        var lossError = Math.Abs(loss - theirs) / theirs;
        Console.WriteLine($"PyTorch {_peer.First.Version}, {_threads} thread(s) each, {TrainingTask.Sequences} sequences of {TrainingTask.SequenceTokens} tokens");
        Console.WriteLine($"loss {loss:F6}, theirs {theirs:F6}; relative difference {lossError:E1}, at most {LossTolerance:E0} allowed");
        Console.WriteLine($"gradients: largest |difference| / |gradient| of a tensor (2-norms) {worst.Error:E1}, of {worst.Name}; at most {GradientTolerance:E0} allowed");
        var trained = Enumerable.Range(0, CheckedSteps).Select(_ => Step()).ToArray();
        var theirTrained = _peer.Ask("steps", CheckedSteps).Losses;
        var apart = trained.Zip(theirTrained).Max(p => Math.Abs(p.First - p.Second) / p.Second);
        Console.WriteLine(
            $"{CheckedSteps} steps of AdamW: loss {trained[^1]:F6}, theirs {theirTrained[^1]:F6}; largest relative difference {apart:E1}, at most {TrainedLossTolerance:E0} allowed");
        return lossError <= LossTolerance && worst.Error <= GradientTolerance && apart <= TrainedLossTolerance;
    }

    private static double RelativeError(float[] values, float[] expected)
    {
        var difference = values.Zip(expected).Sum(p => Math.Pow((double)p.First - p.Second, 2));
        return Math.Sqrt(difference / expected.Sum(e => (double)e * e));
    }

    private bool Compare(double seconds)
    {
        _ = Pair("gradients", Gradients);
        _ = Pair("steps", Step);
        var passes = new List<Round>();
        var steps = new List<Round>();
        var clock = Stopwatch.StartNew();
        do
        {
            passes.Add(Pair("gradients", Gradients));
            steps.Add(Pair("steps", Step));
        }
        while (clock.Elapsed.TotalSeconds < seconds || steps.Count < 5);
        Print("forward and backward", passes);
        return Print("forward, backward, AdamW", steps) >= 1.5;
    }

    private Round Pair(string what, Func<double> step)
    {
        var processor = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < StepsPerRound; i++)
        {
            step();
        }

        var ours = (clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
        var answer = _peer.Ask(what, StepsPerRound);
        return new Round(ours.Item1, ours.Item2, answer.Seconds, answer.ProcessorSeconds);
    }

    private static double Print(string name, List<Round> rounds)
    {
        const double tokens = StepsPerRound * TrainingTask.Sequences * TrainingTask.SequenceTokens;
        Console.WriteLine($"{name}, median [lowest .. highest] of {rounds.Count} rounds, theirs after ours in each:");
        Row("ours, tokens/s", rounds.Select(r => tokens / r.Wall), "F0");
        Row("theirs, tokens/s", rounds.Select(r => tokens / r.PeerWall), "F0");
        var ratio = Row("ours / theirs", rounds.Select(r => r.PeerWall / r.Wall), "F2");
        Row("ours / theirs by processor time", rounds.Select(r => r.PeerProcessor / r.Processor), "F2");
        return ratio;
    }

    private static double Row(string name, IEnumerable<double> values, string format)
    {
        var sorted = values.Order().ToArray();
        var median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        Console.WriteLine($"  {name,-32} {median.ToString(format)} [{sorted[0].ToString(format)} .. {sorted[^1].ToString(format)}]");
        return median;
    }

    private readonly record struct Round(double Wall, double Processor, double PeerWall, double PeerProcessor);
}
