using System.Diagnostics;
using System.Globalization;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Cpu;
using NasCluster.Testing;

namespace NasCluster.Benchmarks.Engine;

/// <summary>Speed of the CPU engine beside the speed of its bare kernel and of the processor itself, all in one run.</summary>
/// <remarks>
/// Rounds of all measurements alternate, so that a busy neighbour or a falling clock hits each alike. Besides wall time every figure is
/// given per second of processor time, which a neighbour disturbs little: that one says what the code can do, wall time what it did.
/// </remarks>
internal static class EngineBenchmark
{
    private const int WindowTokens = 512;

    /// <summary>Runs it: <c>engine [windows|choices|population|decoding|prompts|masks PATH [SHARE]] [--seconds N]</c>, N seconds for each model (by default 20).</summary>
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
            case [] or ["windows"]:
                RunWindows(seconds);
                return 0;
            case ["choices"]:
                ChoicesBenchmark.RunTask(seconds);
                return 0;
            case ["population"]:
                ChoicesBenchmark.RunPopulation(seconds);
                return 0;
            case ["decoding"]:
                DecodingBenchmark.Run(seconds);
                return 0;
            case ["prompts"]:
                PromptsBenchmark.Run(seconds);
                return 0;
            case ["masks", var path]:
                MasksBenchmark.Run(path, 0.8, seconds);
                return 0;
            case ["masks", var path, var share]:
                MasksBenchmark.Run(path, double.Parse(share, CultureInfo.InvariantCulture), seconds);
                return 0;
            default:
                Console.Error.WriteLine("usage: engine [windows|choices|population|decoding|prompts|masks PATH [SHARE]] [--seconds N]");
                return 2;
        }
    }

    private static void RunWindows(double seconds)
    {
        Console.WriteLine($"{Environment.ProcessorCount} processors; one thread unless stated; [lowest .. highest] of the rounds");
        foreach (var path in new[] { VectorPath.Vector512, VectorPath.Vector256, VectorPath.Vector128 })
        {
            var kernel = new KernelSpeed(path, outputs: 1024, inputs: 256);
            var rounds = new Rounds($"kernel {path} 128 x 1024 x 256", "GFLOP", kernel.Flops / 1e9, kernel.Run);
            Measure([rounds], Math.Min(seconds / 10, 2));
            rounds.Print();
        }

        Model("8 x 256", RandomCheckpoint.Configuration(8, 256, 32, 8, 1, 1024, 512, 1024), 16, seconds);
        Model("12 x 768", RandomCheckpoint.Configuration(12, 768, 64, 12, 1, 2048, 512, 1024), 4, seconds);
    }

    private static void Model(string name, LlamaConfiguration configuration, int windows, double seconds)
    {
        using var checkpoint = RandomCheckpoint.Make(configuration, 1);
        var random = new Random(2);
        var requests = Enumerable.Range(0, windows)
            .Select(_ => new ScoringRequest([.. Enumerable.Range(0, WindowTokens + 1).Select(_ => random.Next(configuration.VocabularySize))], 1))
            .ToArray();
        var tokens = windows * WindowTokens;
        var kernel = new KernelSpeed(VectorPath.Auto, configuration.Layers[0].IntermediateSize, configuration.HiddenSize);
        var networks = new[] { 1, 2 }.Select(t => new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = t })).ToArray();
        Rounds Scoring(int i) => new(
            $"{name}, {i + 1} thread(s)", "tokens", tokens, () => networks[i].Score([configuration.FullArchitecture], requests, default));
        var peak = new Rounds("processor, fused multiply-adds only", "GFLOP", ProcessorPeak.Flops / 1e9, ProcessorPeak.Run);
        var gemm = new Rounds($"kernel at this model's width", "GFLOP", kernel.Flops / 1e9, kernel.Run);
        var one = Scoring(0);
        var two = Scoring(1);
        Measure([peak, gemm, one, two], seconds);
        var flops = FlopsPerToken(configuration);
        Console.WriteLine($"{name}: {flops / 1e6:F1} MFLOP a token, windows of {WindowTokens} tokens, {windows} a call");
        foreach (var rounds in new[] { peak, gemm, one, two })
        {
            rounds.Print();
        }

        foreach (var scoring in new[] { one, two })
        {
            var gigaflops = scoring.PerProcessorSecond * flops / 1e9;
            Console.WriteLine(
                $"  {scoring.Name}: {gigaflops:F0} GFLOP a processor second, {gigaflops / gemm.PerProcessorSecond:P0} of the kernel, {gigaflops / peak.PerProcessorSecond:P0} of the processor");
        }

        Array.ForEach(networks, n => n.Dispose());
    }

    /// <summary>Rounds of all in turn, for some seconds and at least three times.</summary>
    public static void Measure(Rounds[] all, double seconds)
    {
        Array.ForEach(all, r => r.WarmUp());
        var clock = Stopwatch.StartNew();
        do
        {
            Array.ForEach(all, r => r.Once());
        }
        while (clock.Elapsed.TotalSeconds < seconds || all[0].Count < 3);
    }

    // Multiplications and additions of the matrix products and of attention over half a window on average.
    private static double FlopsPerToken(LlamaConfiguration c)
    {
        var perLayer = c.Layers.Sum(l =>
        {
            var key = (double)l.KvHeadCount * c.HeadSize;
            var query = key * c.QueryHeadsPerKvHead;
            return (c.HiddenSize * ((2 * query) + (2 * key) + (3.0 * l.IntermediateSize))) + (2 * query * WindowTokens / 2);
        });
        return 2 * (perLayer + ((double)c.VocabularySize * c.HiddenSize));
    }
}
