using NasCluster.Llama.Cpu;
using NasCluster.Testing;

namespace NasCluster.Benchmarks.Engine;

/// <summary>Speed of reading prompts and of going on from them token by token, beside computing everything anew for each token.</summary>
internal static class DecodingBenchmark
{
    private const int PromptTokens = 128;
    private const int NewTokens = 32;

    private static readonly int[] Counts = [1, 4, 16, 32];

    /// <summary>One model, by numbers of threads and of sequences.</summary>
    public static void Run(double seconds)
    {
        var configuration = RandomCheckpoint.Configuration(8, 256, 32, 8, 1, 1024, 512, 1024);
        using var checkpoint = RandomCheckpoint.Make(configuration, 1);
        Console.WriteLine($"8 x 256, MLP 1024, vocabulary 512: prompts of {PromptTokens} tokens, then {NewTokens} more");
        foreach (var threads in new[] { 1, 2 })
        {
            using var network = new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = threads });
            foreach (var sequences in Counts)
            {
                Console.WriteLine($"{sequences} sequence(s), {threads} thread(s)");
                Measure(network, sequences, seconds / Counts.Length);
            }
        }
    }

    private static void Measure(CpuSuperNetwork network, int sequences, double seconds)
    {
        var random = new Random(1);
        var full = network.Info.Configuration.FullArchitecture;
        var prompt = Tokens(PromptTokens);
        var next = Tokens(1);
        var midway = Tokens(PromptTokens + (NewTokens / 2));
        var begun = network.Begin(full, sequences, PromptTokens + NewTokens);
        Rounds[] all =
        [
            new("prefill", "tokens", prompt.Length, () => begun.Advance(prompt, default), Again),
            new("decode", "tokens", sequences * NewTokens, Decode, () =>
            {
                Again();
                begun.Advance(prompt, default);
            }),
            new("anew for each token, midway", "tokens", sequences, () => begun.Advance(midway, default), Again),
        ];
        EngineBenchmark.Measure(all, seconds);
        begun.Dispose();
        Array.ForEach(all, r => r.Print());
        Console.WriteLine($"  decoding: {all[1].TimesOf(all[2])} the tokens a second of computing anew");

        int[] Tokens(int length) => [.. Enumerable.Range(0, sequences * length).Select(_ => random.Next(network.Info.Configuration.VocabularySize))];

        void Again()
        {
            begun.Dispose();
            begun = network.Begin(full, sequences, PromptTokens + NewTokens);
        }

        void Decode()
        {
            for (var t = 0; t < NewTokens; t++)
            {
                begun.Advance(next, default);
            }
        }
    }
}
