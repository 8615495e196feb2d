using System.Globalization;
using NasCluster.Benchmarks.Engine;
using NasCluster.Core;
using NasCluster.Evaluation.Tasks.Loading;
using NasCluster.Evaluation.Tasks.Running;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Tokenizers;

namespace NasCluster.Benchmarks.Tasks;

/// <summary>What it saves on each task of the evaluation harness to compute once what its sequences begin with in common.</summary>
/// <remarks>Compared with the same engine where only sequences that are read whole by another one are not computed again, which is what the harness does too for answers of one token.</remarks>
internal static class TasksBenchmark
{
    private const int Documents = 150;

    private static readonly (string Task, int Shots)[] Tasks =
    [
        ("arc_easy", 0), ("arc_challenge", 0), ("winogrande", 0), ("piqa", 0), ("openbookqa", 0), ("mmlu", 0), ("mmlu", 2), ("mmlu", 5), ("truthfulqa_mc1", 0),
        ("boolq", 0), ("hellaswag", 0), ("lambada_openai", 0),
    ];

    /// <summary>Runs it: <c>tasks MODEL DATA TOKENIZER [--seconds N]</c>; tasks whose files are not in DATA are left out.</summary>
    public static int Run(string[] arguments)
    {
        var seconds = 5.0;
        if (arguments is [.. var before, "--seconds", var text])
        {
            (arguments, seconds) = (before, double.Parse(text, CultureInfo.InvariantCulture));
        }

        if (arguments is not [var model, var data, var tokenizerFile])
        {
            Console.Error.WriteLine("Usage: tasks MODEL DATA TOKENIZER [--seconds N]");
            return 2;
        }

        using var checkpoint = LlamaCheckpoints.Open(model);
        var tokenizer = TokenizerFiles.Open(model, tokenizerFile, checkpoint.Configuration.VocabularySize);
        using var sharing = new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = 1 });
        using var apart = new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = 1, LeastShared = int.MaxValue });
        Console.WriteLine($"one thread, at most {Documents} documents of each task; tokens computed of those asked, and how much faster");
        foreach (var (task, shots) in Tasks)
        {
            TaskSet[] sets;
            try
            {
                sets = [.. TaskLoader.Load(new(task, data) { Limit = Documents, Shots = shots }, tokenizer, checkpoint.Configuration.MaximumPositions)];
            }
            catch (NasClusterException exception)
            {
                Console.WriteLine($"{task}, {shots} shots: left out ({exception.Message})");
                continue;
            }

            Rounds[] rounds = [Of("in common computed once", sharing, sets), Of("computed again", apart, sets)];
            EngineBenchmark.Measure(rounds, seconds);
            var (some, all) = (Evaluate(sharing, sets), Evaluate(apart, sets));
            FormattableString line =
                $"{task}, {shots} shots: {some.Sum(r => r.Tokens!.Value.Computed):#,0} of {some.Sum(r => r.Tokens!.Value.Asked):#,0} tokens ({all.Sum(r => r.Tokens!.Value.Computed):#,0} without sharing); {rounds[0].TimesOf(rounds[1])}; {rounds[0].Count} rounds";
            Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
            if (!some.SelectMany(Values).SequenceEqual(all.SelectMany(Values)))
            {
                Console.WriteLine("  THE SCORES DIFFER");
                return 1;
            }
        }

        return 0;
    }

    private static Rounds Of(string name, CpuSuperNetwork network, TaskSet[] sets) => new(name, "tasks", 1, () => Evaluate(network, sets));

    private static TaskResult[] Evaluate(CpuSuperNetwork network, TaskSet[] sets) =>
        [.. sets.Select(s => new TaskRun(network).Evaluate(s, [network.Info.Configuration.FullArchitecture], null, default))];

    private static IEnumerable<double> Values(TaskResult result) => result.Scores.SelectMany(s => s.Metrics.Select(m => m.Value));
}
