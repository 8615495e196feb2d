using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Statistics;
using NasCluster.Evaluation.Tasks.Definitions;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Evaluation.Tests.Fakes;

namespace NasCluster.Evaluation.Tests.Tasks.Scoring;

/// <summary>A task of a single text: its tokens are all there is to tell its error from.</summary>
public sealed class OneTextTests
{
    [Fact]
    public void Score_OneText_HasTheErrorOfItsTokens()
    {
        var set = TaskSet.Create(
            "text", TaskCatalog.Find("text")!.Metrics, PlainTextTask.Parse(new("One text of some words, é, for all that.", "f.txt")), new(new LetterTokenizer(), 16, true), []);
        var score = set.Score([.. set.Requests.Select((r, i) => Likelihood(i, r.ScoredCount))]);

        float[] tokens = [.. set.Requests.SelectMany((r, i) => Likelihood(i, r.ScoredCount).PerToken)];
        var (mean, _) = BlockBootstrap.Estimate(tokens);
        Assert.True(set.Requests.Length > 2);
        Assert.True(mean > 0);
        Assert.Equal(mean * score["token_perplexity"].Value, score["token_perplexity"].StandardError, 1e-12);
        Assert.Equal(mean * tokens.Length / 9 * score["word_perplexity"].Value, score["word_perplexity"].StandardError, 1e-9 * score["word_perplexity"].Value);
        Assert.Equal(mean * tokens.Length / 41 / Math.Log(2), score["bits_per_byte"].StandardError, 1e-12);
    }

    private static LogLikelihood Likelihood(int window, int tokens)
    {
        ImmutableArray<float> each = [.. Enumerable.Range(0, tokens).Select(t => -0.25f * (1 + (((window * 5) + (t * 3)) % 7)))];
        return new(each.Sum(e => (double)e), false, each);
    }
}
