using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Tokenizers;
using NasCluster.Testing;
using Xunit.Abstractions;

namespace NasCluster.Evaluation.Tests;

/// <summary>Published tasks scored by a real network. It was trained on children's stories, so it guesses; but it does so the same way every time.</summary>
public sealed class HarnessStoriesTests(ITestOutputHelper output)
{
    private const string Model = "models/stories260K/stories260K.bin";

    [SharedDataFact(Model, "eval", "corpora/wikitext2/wiki.test.raw")]
    public void Evaluate_PublishedTasks_GivesEveryObjective()
    {
        var eval = SharedData.PathOf("eval");
        string[] names = ["arc_easy", "arc_challenge", "piqa", "openbookqa", "winogrande", "boolq", "hellaswag", "lambada_openai"];
        var spec = new SearchSpec
        {
            Model = SharedData.PathOf(Model),
            Data = new()
            {
                Tasks =
                [
                    .. names.Select(n => new TaskSpec(n, eval) { Task = n, Limit = 8 }),
                    new("knowledge", eval) { Task = "mmlu", Shots = 2, Limit = 4 },
                    new("wikitext", SharedData.PathOf("corpora/wikitext2/wiki.test.raw")) { Task = "wikitext", Limit = 2 },
                ],
            },
            Objectives = [.. names, "hellaswag_norm", "lambada_openai_perplexity", "knowledge", "wikitext_token_perplexity", "mean_accuracy", "mean_accuracy_norm"],
        };
        Assert.Empty(SearchSpecRules.Check(spec));
        using var checkpoint = LlamaCheckpoints.Open(spec.Model);
        var tokenizer = TokenizerFiles.Open(spec.Model, null, checkpoint.Configuration.VocabularySize);
        using var network = new CpuSuperNetwork(checkpoint);
        var data = EvaluationData.Load(spec, tokenizer, network.Info.Configuration);

        using var evaluator = new SuperNetworkEvaluator(network, EvaluatorOptions.From(spec, network.Info.Configuration), data.Search);
        var outcome = evaluator.Evaluate([new Candidate(network.Info.Configuration.FullArchitecture)], null, CancellationToken.None)[0];

        Assert.Null(outcome.Failure);
        output.WriteLine(string.Join('\n', spec.Objectives.Zip(outcome.Values, (o, v) => $"{o}: {v.Value:G6} +- {v.StandardError:G3}")));
        Assert.All(outcome.Values.Take(names.Length - 1), v => Assert.InRange(v.Value, 0, 1));
        Assert.Equal(4, data.Search.HarnessTasks.Single(t => t.Name == "knowledge").Sets.Length);

        // The network knows 512 pieces: guessing evenly would have a perplexity of 512.
        Assert.InRange(outcome.Values[spec.Objectives.IndexOf("wikitext_token_perplexity")].Value, 2, 512);

        using var file = new MemoryStream(EvaluationSetFile.ToBytes(data.Search));
        using var elsewhere = new SuperNetworkEvaluator(network, EvaluatorOptions.From(spec, network.Info.Configuration), EvaluationSetFile.Read(file));
        Assert.Equal(outcome.Values.ToArray(), elsewhere.Evaluate([new Candidate(network.Info.Configuration.FullArchitecture)], null, CancellationToken.None)[0].Values.ToArray());
    }
}
