using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tests.Fakes;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tests.Texts;

public sealed class TextSetTests
{
    private static readonly WindowProtocol Protocol = new(4, 4, FirstTokenRule.Bos);

    [Fact]
    public void Score_BigramNetwork_GivesThePerplexityWorkedOutByHand()
    {
        // Three letters fit a window: M abc, M dxe. After the mark (512) comes 0, so a and d are surprises; b, c follow on; x and e do not.
        var set = TextSet.Create("abcdxe", new LetterTokenizer(), Protocol, "t");
        using var network = new BigramNetwork(BigramNetwork.Configuration(513));

        var score = set.Score(network.Score([BigramNetwork.Depth(3)], set.Requests, CancellationToken.None)[0]);

        var mean = ((2 * Math.Log(0.75)) + (4 * Math.Log(0.25 / 512))) / 6;
        Assert.Equal(6, score.ScoredCount);
        Assert.Equal(mean, score.LogLikelihood.Value, 12);
        Assert.Equal(Math.Exp(-mean), score.Perplexity.Value, 9);
        Assert.True(score.LogLikelihood.StandardError > 0 && score.Perplexity.StandardError > 0);
    }

    [Fact]
    public void Score_Infinite_NamesTheWindow()
    {
        var set = TextSet.Create("abcdef", new LetterTokenizer(), Protocol, "t");
        LogLikelihood[] likelihoods = [new(-1, false, [0, 0, 0]), new(double.NegativeInfinity, false, [0, 0, 0])];
        var failure = Assert.Throws<NasClusterException>(() => set.Score(likelihoods));
        Assert.Equal("The log-likelihood of window 1 of the text is -Infinity; it must be finite.".Replace("-Infinity", $"{double.NegativeInfinity}"), failure.Message);
    }

    [Fact]
    public void Create_ShorterThanAWindow_SaysHowMuchIsNeeded()
    {
        var failure = Assert.Throws<NasClusterException>(() => TextSet.Create("ab", new LetterTokenizer(), Protocol, "t.txt"));
        Assert.Equal("t.txt has 2 tokens; it must have at least 3 to fill a window of 4.", failure.Message);
    }

    [Fact]
    public void Create_NoBeginningMark_SaysWhatToSet()
    {
        var failure = Assert.Throws<NasClusterException>(() => TextSet.Create("abc", new LetterTokenizer(hasMark: false), Protocol, "t"));
        Assert.Contains("set it to skip", failure.Message, StringComparison.Ordinal);
        Assert.Equal(4, TextSet.Create("abcdef", new LetterTokenizer(hasMark: false), Protocol with { FirstToken = FirstTokenRule.Skip }, "t").ScoredCount);
    }

    [Fact]
    public void Fingerprint_TokensOrSpans_DecideIt()
    {
        var same = TextSet.Create("abcdef", new LetterTokenizer(), Protocol, "t");
        Assert.Equal(same.Fingerprint, TextSet.Create("abcdef", new LetterTokenizer(), Protocol with { Separator = ";" }, "another name").Fingerprint);
        Assert.NotEqual(same.Fingerprint, TextSet.Create("abcdeg", new LetterTokenizer(), Protocol, "t").Fingerprint);
        Assert.NotEqual(same.Fingerprint, TextSet.Create("abcdef", new LetterTokenizer(), Protocol with { Stride = 2 }, "t").Fingerprint);
        Assert.NotEqual(same.Fingerprint, TextSet.Create("abcdef", new LetterTokenizer(), Protocol with { MaximumScored = 5 }, "t").Fingerprint);
    }

    [Theory]
    [InlineData(FirstTokenRule.Bos)]
    [InlineData(FirstTokenRule.Skip)]
    public void Create_LimitOnALongText_EncodesLittleAndScoresTheSame(FirstTokenRule rule)
    {
        var text = string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i}\n"));
        var tokenizer = new LetterTokenizer();
        var limited = TextSet.Create(text, tokenizer, new(4, 4, rule, MaximumScored: 100), "t");
        var whole = TextSet.Create(text, new LetterTokenizer(), new(4, 4, rule), "t");

        Assert.InRange(tokenizer.Encoded, 1, text.Length / 4);
        Assert.Equal(100, limited.ScoredCount);
        Assert.Equal(Scored(whole).Take(100), Scored(limited));
    }

    private static IEnumerable<int> Scored(TextSet set) => set.Requests.SelectMany(r => r.TokenIds.Skip(r.FirstScored));
}
