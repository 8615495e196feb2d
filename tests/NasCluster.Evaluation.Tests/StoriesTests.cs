using NasCluster.Core.Architectures;
using NasCluster.Core.Specification;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Tokenizers;
using NasCluster.Testing;
using Xunit.Abstractions;

namespace NasCluster.Evaluation.Tests;

/// <summary>The whole evaluation on a real trained network.</summary>
public sealed class StoriesTests(ITestOutputHelper output)
{
    private const string Model = "models/stories260K/stories260K.bin";
    private const string Text = "corpora/tinystories/tinystories_1k_split.txt";
    private const string Questions = "eval/arc/ARC-Easy-Test.derived.jsonl";

    [SharedDataFact(Model, Text, Questions)]
    public void Evaluate_RealNetwork_PrefersAllItsLayers()
    {
        var spec = new SearchSpec
        {
            Model = SharedData.PathOf(Model),
            Data = new()
            {
                Text = SharedData.PathOf(Text),
                Separator = "<|endoftext|>",
                SearchTokens = 2048,
                ReportTokens = 2048,
                Tasks = [new("arc_easy", SharedData.PathOf(Questions))],
                SearchQuestions = 10,
                ReportQuestions = 10,
            },
            Measurement = new() { Tokens = 64, WarmUp = 1, Repeats = 3 },
            Objectives = ["perplexity", "arc_easy", "arc_easy_norm", "parameters", "latency_ms", "tokens_per_second"],
        };
        Assert.Empty(SearchSpecRules.Check(spec));
        using var checkpoint = LlamaCheckpoints.Open(spec.Model);
        var tokenizer = TokenizerFiles.Open(spec.Model, null, checkpoint.Configuration.VocabularySize);
        using var network = new CpuSuperNetwork(checkpoint);
        Assert.Empty(SearchSpecRules.CheckAgainst(spec, network.Info.Configuration));
        var data = EvaluationData.Load(spec, tokenizer, network.Info.Configuration);
        using var evaluator = new SuperNetworkEvaluator(network, EvaluatorOptions.From(spec, network.Info.Configuration), data.Search);
        var full = network.Info.Configuration.FullArchitecture;

        var outcomes = evaluator.Evaluate([full, new Architecture(full.Layers[..3])], null, CancellationToken.None);

        Assert.All(outcomes, o => Assert.Null(o.Failure));
        output.WriteLine(string.Join('\n', outcomes.Select(o => string.Join(", ", o.Values.Select(v => $"{v.Value:G6} +- {v.StandardError:G3}")))));
        Assert.Equal(260_032, outcomes[0].Values[3].Value);
        Assert.InRange(outcomes[0].Values[0].Value, 2, 6);
        Assert.True(outcomes[0].Values[0].Value + (3 * outcomes[0].Values[0].StandardError) < outcomes[1].Values[0].Value);
        Assert.Equal(2048, data.Search.Text!.ScoredCount);

        using var report = new SuperNetworkEvaluator(network, EvaluatorOptions.From(spec with { Objectives = ["perplexity"] }, network.Info.Configuration), data.Report!);
        var unseen = report.Evaluate([full], null, CancellationToken.None)[0].Values[0];
        output.WriteLine($"report part: {unseen.Value:G6} +- {unseen.StandardError:G3}");
        Assert.InRange(unseen.Value, 2, 6);
    }
}
