using NasCluster.Core;
using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Questions;

namespace NasCluster.SmallWorld.Tests.Questions;

public class QuestionFamilyTests
{
    private const int PromptAndAnswerTokens = 3;

    public static TheoryData<string> Families => GeneratedWorld.Families;

    [Theory]
    [MemberData(nameof(Families))]
    public void Draw_Answer_IsWhatTheTextSays(string family) =>
        Assert.All(GeneratedWorld.Tasks[family], q => Assert.Equal((q.Stem, q.AnswerText), (q.Stem, Solver.Answer(family, q.Stem))));

    [Theory]
    [MemberData(nameof(Families))]
    public void Draw_QuestionsOfBothSides_AreAnsweredRight(string family)
    {
        var random = new Xoshiro256(21);
        var drawn = Enumerable.Range(0, 2_000).Select(_ => QuestionFamilies.Named(family).Draw(random));
        Assert.All(drawn, q => Assert.Equal((q.Stem, q.AnswerText), (q.Stem, Solver.Answer(family, q.Stem))));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Draw_Choices_AreFourDifferentWordsWithTheAnswerAnywhere(string family)
    {
        var questions = GeneratedWorld.Tasks[family];
        Assert.All(questions, q => Assert.Equal(4, q.Choices.Distinct().Count()));

        // Four standard deviations of a fair label.
        var spread = 4 * Math.Sqrt(questions.Length * 0.25 * 0.75);
        Assert.All(
            Enumerable.Range(0, 4),
            label => Assert.InRange(questions.Count(q => q.Answer == label), (questions.Length * 0.25) - spread, (questions.Length * 0.25) + spread));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Draw_Questions_DifferAndNoneIsLong(string family)
    {
        var questions = GeneratedWorld.Tasks[family];
        Assert.Equal(questions.Length, questions.Select(q => q.Stem).Distinct().Count());
        Assert.All(questions, q => Assert.InRange(TokenCounter.Count(q.Stem) + PromptAndAnswerTokens, 6, 60));
    }

    [Fact]
    public void Draw_AllFamilies_AreShortOnAverage() =>
        Assert.InRange(GeneratedWorld.Tasks.Values.Average(f => f.Average(q => TokenCounter.Count(q.Stem) + PromptAndAnswerTokens)), 15, 32);

    /// <summary>What can be had without reading: the choice named first, named last, or named most often.</summary>
    [Theory]
    [InlineData("recall")]
    [InlineData("possession")]
    [InlineData("place")]
    [InlineData("ordering")]
    [InlineData("copying")]
    [InlineData("brackets")]
    [InlineData("cause")]
    [InlineData("arithmetic")]
    [InlineData("counting")]
    [InlineData("agreement")]
    public void Draw_ShortcutSolvers_StayNearChance(string family)
    {
        var questions = GeneratedWorld.Tasks[family];
        var shortcuts = new Dictionary<string, Func<Question, string[], string>>
        {
            ["first named"] = (q, words) => q.Choices.MinBy(c => Place(Array.IndexOf(words, c)))!,
            ["last named"] = (q, words) => q.Choices.MaxBy(c => Array.LastIndexOf(words, c))!,
            ["most frequent"] = (q, words) => q.Choices.MaxBy(c => words.Count(w => w == c))!,
            ["first of the alphabet"] = (q, _) => q.Choices.Min(StringComparer.Ordinal)!,
        };
        Assert.All(shortcuts, shortcut =>
        {
            var right = questions.Count(q => shortcut.Value(q, Words(q)) == q.AnswerText);
            Assert.True(right < 0.31 * questions.Length, $"{shortcut.Key}: {right} of {questions.Length}");
        });
    }

    /// <summary>Wrong choices come from the question's own text, so that being mentioned tells nothing.</summary>
    [Theory]
    [InlineData("recall")]
    [InlineData("possession")]
    [InlineData("place")]
    [InlineData("ordering")]
    [InlineData("copying")]
    public void Draw_WrongChoices_AreFromTheSameText(string family) =>
        Assert.All(GeneratedWorld.Tasks[family], q => Assert.All(q.Choices, c => Assert.Contains(c, Words(q))));

    /// <summary>Accuracy is graded because questions of one family differ in difficulty.</summary>
    [Theory]
    [InlineData("possession", "takes|gives", 1, 3)]
    [InlineData("ordering", "than", 3, 4)]
    [InlineData("arithmetic", "plus|minus|gets|loses", 1, 2)]
    [InlineData("cause", "like", 0, 1)]
    public void Draw_Difficulty_VariesWithinTheFamily(string family, string marks, int least, int most)
    {
        var levels = GeneratedWorld.Tasks[family].CountBy(q => Words(q).Count(marks.Split('|').Contains)).ToDictionary();
        Assert.Equal(Enumerable.Range(least, most - least + 1), levels.Keys.Order());
        Assert.All(levels.Values, count => Assert.True(count > GeneratedWorld.Tasks[family].Length / 10));
    }

    [Fact]
    public void Draw_Brackets_GoSixDeep()
    {
        var depths = GeneratedWorld.Tasks["brackets"].Select(q => Depth(q.Stem)).ToArray();
        Assert.Equal(6, depths.Max());
        Assert.True(depths.Distinct().Count() >= 5);
    }

    [Fact]
    public void Draw_SameRandomState_GivesTheSameQuestion() => Assert.All(QuestionFamilies.All, family =>
    {
        var (a, b) = (family.Draw(new Xoshiro256(5)), family.Draw(new Xoshiro256(5)));
        Assert.Equal((a.Stem, a.Answer, string.Join(' ', a.Choices)), (b.Stem, b.Answer, string.Join(' ', b.Choices)));
    });

    [Fact]
    public void Named_NoSuchFamily_NamesThoseThereAre() => Assert.Equal(
        "There is no question family 'recal'; it must be one of recall, possession, place, agreement, ordering, arithmetic, copying, brackets, cause, counting.",
        Assert.Throws<NasClusterException>(() => QuestionFamilies.Named("recal")).Message);

    private static int Place(int index) => index < 0 ? int.MaxValue : index;

    private static string[] Words(Question question) => question.Stem.Split([' ', '.', ',', '?'], StringSplitOptions.RemoveEmptyEntries);

    private static int Depth(string row)
    {
        var (depth, deepest) = (0, 0);
        foreach (var c in row.Where(c => c != ' '))
        {
            depth += "([{<".Contains(c) ? 1 : -1;
            deepest = Math.Max(deepest, depth);
        }

        return deepest;
    }
}
