using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Cpu;
using NasCluster.Testing;

namespace NasCluster.Benchmarks.Engine;

/// <summary>What it saves to compute common prompts once: four answers of several tokens to each question, and questions behind examples.</summary>
/// <remarks>The same work without anything in common is the same requests with first tokens that are nobody else's: as many tokens, in the same batches but for that.</remarks>
internal static class PromptsBenchmark
{
    private const int Questions = 32;
    private const int Answers = 4;
    private const int AnswerTokens = 6;

    /// <summary>Long questions, short questions, and questions behind examples; one thread and two.</summary>
    public static void Run(double seconds)
    {
        var configuration = RandomCheckpoint.Configuration(8, 256, 32, 8, 1, 1024, 512, 1024);
        using var checkpoint = RandomCheckpoint.Make(configuration, 1);
        Console.WriteLine($"8 x 256, MLP 1024, vocabulary 512: {Questions} questions with {Answers} answers of {AnswerTokens} tokens");
        foreach (var threads in new[] { 1, 2 })
        {
            using var network = new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = threads });
            foreach (var (examples, question) in new[] { (0, 4), (0, 8), (0, 16), (0, 32), (0, 200), (400, 40) })
            {
                var random = new Random(2);
                var shared = Requests(configuration, random, examples, question);
                ScoringRequest[] apart = [.. shared.Select((r, i) => new ScoringRequest(r.TokenIds.SetItem(0, i % 512).SetItem(1, i / 512), r.FirstScored))];
                Rounds Scoring(string name, ScoringRequest[] requests) => new(
                    name, "questions", Questions, () => network.Score([configuration.FullArchitecture], requests, default));
                Rounds[] all = [Scoring("in common computed once", shared), Scoring("nothing in common", apart)];
                EngineBenchmark.Measure(all, seconds / 6);
                var before = network.ScoredTokens;
                network.Score([configuration.FullArchitecture], shared, default);
                var (asked, computed) = network.ScoredTokens.Since(before);
                Console.WriteLine($"{threads} thread(s), {examples} tokens of examples and {question} of question: {computed} of {asked} tokens computed");
                Array.ForEach(all, r => r.Print());
                Console.WriteLine($"  computed once: {all[0].TimesOf(all[1])} the questions a second");
            }
        }
    }

    private static ScoringRequest[] Requests(LlamaConfiguration configuration, Random random, int examples, int question)
    {
        var prompt = Tokens(examples);
        return
        [
            .. Enumerable.Range(0, Questions).SelectMany(_ =>
            {
                var context = prompt.AddRange(Tokens(question));
                return Enumerable.Range(0, Answers).Select(_ => new ScoringRequest(context.AddRange(Tokens(AnswerTokens)), context.Length));
            }),
        ];

        ImmutableArray<int> Tokens(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(configuration.VocabularySize))];
    }
}
