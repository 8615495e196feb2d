using System.Diagnostics;
using System.Globalization;
using NasCluster.Benchmarks.Engine;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Training;
using NasCluster.Testing;

namespace NasCluster.Benchmarks.Training;

/// <summary>Speed of one forward and backward pass beside that of the bare kernel, in alternating rounds of one run.</summary>
/// <remarks>
/// A token counts three times its multiplications and additions in scoring, the usual measure: the backward pass has two products for each
/// of the forward pass. What is computed twice (attention weights, and with recomputation whole layers) does not count.
/// </remarks>
internal static class TrainingBenchmark
{
    /// <summary>
    /// Runs it: <c>training [--seconds N]</c>, N by default 20; or beside PyTorch, which the interpreter named must have, on a number of
    /// threads: <c>training --peer PYTHON THREADS [--seconds N]</c>.
    /// </summary>
    public static int Run(string[] arguments)
    {
        var seconds = 20.0;
        if (arguments is [.., "--seconds", var text])
        {
            seconds = double.Parse(text, CultureInfo.InvariantCulture);
            arguments = arguments[..^2];
        }

        switch (arguments)
        {
            case []:
                RunAlone(seconds);
                return 0;
            case ["--peer", var python, var threads]:
                return TrainingPeer.Run(python, int.Parse(threads, CultureInfo.InvariantCulture), seconds);
            default:
                Console.Error.WriteLine("usage: training [--peer PYTHON THREADS] [--seconds N]");
                return 2;
        }
    }

    private static void RunAlone(double seconds)
    {
        var configuration = TrainingTask.Configuration;
        using var checkpoint = RandomCheckpoint.Make(configuration, 1);
        var (requests, documents) = (TrainingTask.Batch(), TrainingTask.ShortBatch());
        var gradients = ParameterSet.Zero(configuration);
        var kernel = new KernelSpeed(VectorPath.Auto, configuration.Layers[0].IntermediateSize, configuration.HiddenSize);
        var gemm = new Rounds("kernel at this model's width", "GFLOP", kernel.Flops / 1e9, kernel.Run);
        using var one = new TrainableNetwork(checkpoint, new CpuEngineOptions { Threads = 1 });
        using var two = new TrainableNetwork(checkpoint, new CpuEngineOptions { Threads = 2 });
        using var again = new TrainableNetwork(checkpoint, new CpuEngineOptions { Threads = 2 }, new TrainingOptions { Recompute = true });
        (Rounds Rounds, double Flops)[] steps =
        [
            Step("1 thread", one, requests),
            Step("2 threads", two, requests),
            Step("2 threads, recomputing", again, requests),
            Step("1 thread, short documents", one, documents),
            Step("2 threads, short documents", two, documents),
        ];
        var packing = new Rounds("taking over weights, 2 threads", "steps", 1, two.WeightsChanged);
        Measure([gemm, packing, .. steps.Select(s => s.Rounds)], seconds);
        Console.WriteLine(
            $"8 x 192, 6 heads over 3, MLP 512, vocabulary 512: {steps[0].Flops / 1e6:F1} MFLOP a token, {TrainingTask.Sequences} sequences of {TrainingTask.SequenceTokens} tokens a step; "
            + $"short documents: {documents.Length} of 20 to 40 tokens, {steps[^1].Flops / 1e6:F1} MFLOP a token");
        gemm.Print();
        packing.Print();
        foreach (var (step, flops) in steps)
        {
            step.Print();
            var rate = step.PerProcessorSecond * flops / 1e9;
            Console.WriteLine($"    {rate:F0} GFLOP a processor second, {rate / gemm.PerProcessorSecond:P0} of the kernel");
        }

        return;

        (Rounds Rounds, double Flops) Step(string name, TrainableNetwork network, ScoringRequest[] batch) => (
            new Rounds(
                name,
                "tokens",
                TrainingTask.Sequences * TrainingTask.SequenceTokens,
                () => network.LossAndGradients(configuration.FullArchitecture, batch, gradients)),
            FlopsPerToken(configuration, batch));
    }

    private static void Measure(Rounds[] all, double seconds)
    {
        Array.ForEach(all, r => r.WarmUp());
        var clock = Stopwatch.StartNew();
        do
        {
            Array.ForEach(all, r => r.Once());
        }
        while (clock.Elapsed.TotalSeconds < seconds || all[0].Count < 3);
    }

    private static double FlopsPerToken(LlamaConfiguration c, ScoringRequest[] batch)
    {
        // A token sees half of its sequence, the mean over its tokens.
        var lengths = Array.ConvertAll(batch, s => s.TokenIds.Length - 1.0);
        var seen = lengths.Sum(l => l * l) / lengths.Sum() / 2;
        var perLayer = c.Layers.Sum(l =>
        {
            var key = (double)l.KvHeadCount * c.HeadSize;
            var query = key * c.QueryHeadsPerKvHead;
            return (c.HiddenSize * ((2 * query) + (2 * key) + (3.0 * l.IntermediateSize))) + (2 * query * seen);
        });
        return 3 * 2 * (perLayer + ((double)c.VocabularySize * c.HiddenSize));
    }
}
