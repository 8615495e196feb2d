using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Tests.Cpu;

public sealed class SharedInputTests
{
    [Fact]
    public void Of_AnswersOfInterleavedQuestions_AreOneSequenceForEachQuestion()
    {
        var inputs = SharedInput.Of([Request(5, 6, 1), Request(3, 9, 1), Request(5, 6, 2), Request(3, 9, 2), Request(5, 6, 1)]);
        Assert.Equal([[5, 6], [3, 9]], inputs.Select(i => i.Tokens.ToArray()));
        Assert.Equal([[0, 2, 4], [1, 3]], inputs.Select(i => i.Requests));
    }

    [Fact]
    public void Of_InputsThatBeginAnother_ArePartOfTheLongest()
    {
        var inputs = SharedInput.Of([Request(1, 2, 9), Request(1, 9), Request(4, 0), Request(1, 2, 3, 9), Request(1, 2, 3, 4, 9), Request(1, 3, 9)]);
        Assert.Equal([[1, 2, 3, 4], [1, 3], [4]], inputs.Select(i => i.Tokens.ToArray()).OrderBy(t => string.Join(',', t), StringComparer.Ordinal));
        Assert.Equal([0, 1, 2, 3, 4, 5], inputs.SelectMany(i => i.Requests).Order());
    }

    [Fact]
    public void Of_SameBeginningButNeitherBeginsTheOther_AreApart() =>
        Assert.Equal(2, SharedInput.Of([Request(1, 2, 3, 0), Request(1, 2, 4, 0)]).Length);

    [Fact]
    public void Of_Nothing_IsEmpty() => Assert.Empty(SharedInput.Of([]));

    [Fact]
    public void ScoredRows_SeveralQuestionsOfARow_AreAskedOfItTogether()
    {
        var scored = new ScoredRows([7, 3, 7, 5, 3, 7], [10, 11, 12, 13, 14, 10]);
        Assert.Equal([3, 5, 7], scored.Rows);
        Assert.Equal([[1, 4], [3], [0, 2, 5]], Enumerable.Range(0, 3).Select(i => scored.QuestionsOf(i).ToArray()));
        Assert.Equal(12, scored.Target(2));
    }

    private static ScoringRequest Request(params int[] tokens) => new([.. tokens], tokens.Length - 1);
}
