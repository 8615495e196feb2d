using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tests.Fakes;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tests;

public sealed class BatchedEvaluationTests
{
    private static readonly LlamaConfiguration Configuration = BigramNetwork.Configuration(513);
    private static readonly TextSet Text = TextSet.Create(
        string.Concat(Enumerable.Range(0, 60).Select(i => (char)('a' + (i * i % 23)))), new LetterTokenizer(), new(4, 4, FirstTokenRule.Bos), "t");

    private static readonly EvaluatorOptions Options = SuperNetworkEvaluatorTests.Options(["log_likelihood", "perplexity"]);

    [Fact]
    public void Evaluate_OnBatches_ScoresJustTheirWindows()
    {
        using var network = new BigramNetwork(Configuration);
        using var evaluator = new SuperNetworkEvaluator(network, Options with { BatchWindows = 4 }, new(Text, []));
        var batches = new TextBatches(Text.Requests, 4);

        // Of several batches and of all the data together, in one call.
        Candidate[] candidates = [new(BigramNetwork.Depth(2), 1), new(BigramNetwork.Depth(3), 0), new(BigramNetwork.Depth(2)), new(BigramNetwork.Depth(4), 1), new(BigramNetwork.Depth(2), 2)];
        var outcomes = evaluator.Evaluate(candidates, null, CancellationToken.None);

        foreach (var (candidate, outcome) in candidates.Zip(outcomes))
        {
            var windows = candidate.Batch is { } batch ? batches[batch] : Text.Requests;
            var score = TextSet.Score(windows.AsSpan(), network.Score([candidate.Architecture], windows, CancellationToken.None)[0]);
            Assert.Equal([score.LogLikelihood, score.Perplexity], outcome.Values.AsEnumerable());
        }

        Assert.Equal(outcomes.Count, outcomes.Distinct().Count());
    }

    [Fact]
    public void Evaluate_NoSuchBatchOrNoBatches_FailsThatCandidateAlone()
    {
        using var network = new BigramNetwork(Configuration);
        using var with = new SuperNetworkEvaluator(network, Options with { BatchWindows = 4 }, new(Text, []));
        using var without = new SuperNetworkEvaluator(network, Options, new(Text, []));

        var outcomes = with.Evaluate([new(BigramNetwork.Depth(2), 99), new(BigramNetwork.Depth(2), 0)], null, CancellationToken.None);
        Assert.StartsWith("There is no batch 99", outcomes[0].Failure, StringComparison.Ordinal);
        Assert.True(outcomes[1].IsSuccess);
        Assert.Contains("a text without batches", without.Evaluate([new(BigramNetwork.Depth(2), 0)], null, CancellationToken.None)[0].Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void KeyOf_BatchAndTreatment_TellEvaluationsApartAndLeaveOthersAlone()
    {
        var info = new SuperNetworkInfo(Configuration, "weights", "float32", "cpu", "1");
        var architecture = BigramNetwork.Depth(2);
        var plain = Key(Options, null);

        // A size of batches that nothing is scored on decides nothing.
        Assert.Equal(plain, Key(Options with { BatchWindows = 4 }, null));
        string[] keys =
        [
            plain, Key(Options with { BatchWindows = 4 }, 0), Key(Options with { BatchWindows = 4 }, 1), Key(Options with { BatchWindows = 5 }, 1),
            Key(Options with { Treatment = "repaired" }, null), Key(Options with { Treatment = "repaired otherwise" }, null), Key(Options with { Treatment = "repaired", BatchWindows = 4 }, 0),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());

        string Key(EvaluatorOptions options, int? batch) => new EvaluationKeys(info, options, new EvaluationSets(Text, []).Identity).KeyOf(new Candidate(architecture, batch)).Value;
    }
}
