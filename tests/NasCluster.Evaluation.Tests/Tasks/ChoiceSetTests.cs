using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tasks;
using NasCluster.Evaluation.Tests.Fakes;

namespace NasCluster.Evaluation.Tests.Tasks;

public sealed class ChoiceSetTests
{
    private const int Window = 64;
    private static readonly LetterTokenizer Joining = new(joinsSpaces: true);

    [Fact]
    public void Create_Question_ScoresTheChoiceInItsPlace()
    {
        var set = Set([new(1, "Q?", ["ab", "c"], 0)]);
        int[] context = [LetterTokenizer.Mark, .. Joining.Encode("Question: Q?\nAnswer:")];

        // " ab" is one token of a space with its letter, and one more.
        Assert.Equal([.. context, 256 + 'a', 'b'], set.Requests[0].TokenIds.ToArray());
        Assert.Equal(context.Length, set.Requests[0].FirstScored);
        Assert.Equal([.. context, 256 + 'c'], set.Requests[1].TokenIds.ToArray());
    }

    [Fact]
    public void Encode_SpacesEndTheContext_BelongToTheContinuation()
    {
        var (request, isTruncated) = new ChoiceEncoder(Joining, Window, null).Encode("ab ", "cd", "x");
        Assert.False(isTruncated);
        Assert.Equal(['a', 'b', 256 + 'c', 'd'], request.TokenIds.Select(t => t));
        Assert.Equal(2, request.FirstScored);
    }

    [Theory]
    [InlineData(6, new[] { LetterTokenizer.Mark, 'c', 'd', 'e', 'X', 'Y' }, 4)]
    [InlineData(3, new[] { LetterTokenizer.Mark, 'X', 'Y' }, 1)]
    public void Encode_LongerThanTheWindow_LosesTheBeginningOfTheContext(int window, int[] tokens, int firstScored)
    {
        var (request, isTruncated) = new ChoiceEncoder(Joining, window, LetterTokenizer.Mark).Encode("abcde", "XY", "x");
        Assert.True(isTruncated);
        Assert.Equal(tokens, request.TokenIds);
        Assert.Equal(firstScored, request.FirstScored);
    }

    [Fact]
    public void Encode_WithoutMark_KeepsATokenBeforeTheContinuation()
    {
        var (request, isTruncated) = new ChoiceEncoder(Joining, 3, null).Encode("abcde", "XY", "x");
        Assert.True(isTruncated);
        Assert.Equal(['e', 'X', 'Y'], request.TokenIds.Select(t => t));
        var failure = Assert.Throws<NasClusterException>(() => new ChoiceEncoder(Joining, 2, null).Encode("abcde", "XY", "arc, line 3: choice 1"));
        Assert.Equal("arc, line 3: choice 1 has 2 tokens; a window of 2 leaves room for 1.", failure.Message);
    }

    [Fact]
    public void Create_LongQuestions_CountsThoseThatLostTheirBeginning()
    {
        // A mark, a context of 17 and the stem, and a choice of one token for each letter: 24 for the first question, 25 for the second.
        var set = ChoiceSet.Create(
            "quiz", [new(1, "Q", ["a", "bcdef"], 0), new(2, "Q?", ["a", "bcdef"], 0), new(3, "Qu?", ["a", "b"], 0), new(4, "Qu?", ["bcdef", "bcd", "bcde"], 0)], Joining, 24, true);

        Assert.Equal(2, set.TruncatedCount);
        Assert.All(set.Requests, r => Assert.InRange(r.TokenIds.Length, 2, 24));
        Assert.Equal(0, Set([new(1, "Q", ["a", "b"], 0)]).TruncatedCount);
    }

    [Fact]
    public void Score_MostLikely_CountsAndTiesGoToTheFirst()
    {
        var set = Set([new(1, "Q", ["a", "b"], 0), new(2, "Q", ["a", "b", "c"], 1), new(3, "Q", ["a", "b"], 1)]);
        var score = set.Score(Sums(-1, -1, /**/ -3, -2, -2, /**/ -5, -6));
        Assert.Equal(2 / 3.0, score.Accuracy.Value);
        Assert.Equal(Math.Sqrt(2 / 9.0 / 2), score.Accuracy.StandardError, 12);
    }

    [Fact]
    public void Score_Normalised_DividesByUtf8Bytes()
    {
        // -4 over 2 bytes of "é" against -3 over 1 byte of "e": the first is less likely, but more likely per byte.
        var score = Set([new(1, "Q", ["é", "e"], 0)]).Score(Sums(-4, -3));
        Assert.Equal((0, 1), (score.Accuracy.Value, score.NormalisedAccuracy.Value));
    }

    [Fact]
    public void Score_NotANumber_NamesTheChoice()
    {
        var failure = Assert.Throws<NasClusterException>(() => Set([new(7, "Q", ["a", "b"], 0)]).Score(Sums(-1, double.NaN)));
        Assert.StartsWith("The log-likelihood of choice 2 of arc, line 7 is NaN", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fingerprint_RightAnswer_DecidesIt()
    {
        Assert.Equal(Set([new(1, "Q", ["a", "b"], 0)]).Fingerprint, Set([new(9, "Q", ["a", "b"], 0)]).Fingerprint);
        Assert.NotEqual(Set([new(1, "Q", ["a", "b"], 0)]).Fingerprint, Set([new(1, "Q", ["a", "b"], 1)]).Fingerprint);
        Assert.NotEqual(Set([new(1, "Q", ["a", "b"], 0)]).Fingerprint, Set([new(1, "Q", ["a", "c"], 0)]).Fingerprint);
    }

    private static ChoiceSet Set(ImmutableArray<ChoiceQuestion> questions) => ChoiceSet.Create("arc", questions, Joining, Window, useBeginningMark: true);

    private static LogLikelihood[] Sums(params double[] sums) => [.. sums.Select(s => new LogLikelihood(s, false, []))];
}
