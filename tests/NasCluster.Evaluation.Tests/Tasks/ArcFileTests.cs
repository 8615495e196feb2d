using NasCluster.Core;
using NasCluster.Evaluation.Tasks;
using NasCluster.Testing;

namespace NasCluster.Evaluation.Tests.Tasks;

public sealed class ArcFileTests
{
    private const string Good = """{"id":"q","question":{"stem":"Why?","choices":[{"text":"yes","label":"1"},{"text":"no","label":"2"}]},"answerKey":"2"}""";

    [Fact]
    public void Parse_GoodRows_ReadsThemWithTheirLines()
    {
        var questions = ArcFile.Parse($"\n{Good}\r\n\n{Good.Replace("Why?", "Where\u2028to?", StringComparison.Ordinal)}\n", "f");
        Assert.Equal([2, 4], questions.Select(q => q.Line));
        Assert.Equal(["Why?", "Where\u2028to?"], questions.Select(q => q.Stem));
        Assert.Equal(["yes", "no"], questions[0].Choices.ToArray());
        Assert.Equal(1, questions[0].Answer);
    }

    [Theory]
    [InlineData("{", "this is not a row of JSON:")]
    [InlineData("[]", "the row must be an object.")]
    [InlineData("{}", "question is missing; it must be of type Object.")]
    [InlineData("""{"question":3}""", "question is of type Number; it must be of type Object.")]
    [InlineData("""{"question":{}}""", "question.stem is missing; it must be of type String.")]
    [InlineData("""{"question":{"stem":" "}}""", "question.stem is empty; it must hold text.")]
    [InlineData("""{"question":{"stem":"s","choices":[]},"answerKey":"A"}""", "question.choices has 0 choices; it must have 2 to 64.")]
    [InlineData("""{"question":{"stem":"s","choices":[1,2]},"answerKey":"A"}""", "question.choices[0] must be an object with text and label.")]
    [InlineData("""{"question":{"stem":"s","choices":[{"text":"t","label":"A"},{"text":"t"}]},"answerKey":"A"}""", "question.choices[1].label is missing; it must be of type String.")]
    [InlineData("""{"question":{"stem":"s","choices":[{"text":"t","label":"A"},{"text":"u","label":"A"}]},"answerKey":"A"}""", "question.choices[1].label is 'A' again; labels must differ.")]
    [InlineData("""{"question":{"stem":"s","choices":[{"text":"t","label":"A"},{"text":"","label":"B"}]},"answerKey":"A"}""", "question.choices[1].text is empty; it must hold text.")]
    [InlineData("""{"question":{"stem":"s","choices":[{"text":"t","label":"A"},{"text":"u","label":"B"}]},"answerKey":"C"}""", "answerKey is 'C'; it must be one of the labels A, B.")]
    [InlineData("""{"question":{"stem":"s","stem":"t","choices":[{"text":"t","label":"A"},{"text":"u","label":"B"}]},"answerKey":"A"}""", "this is not a row of JSON:")]
    [InlineData("""{"question":{"stem":"\ud800","choices":[{"text":"t","label":"A"},{"text":"u","label":"B"}]},"answerKey":"A"}""", "this is not a row of JSON:")]
    public void Parse_BadRow_NamesLineAndRule(string row, string rule)
    {
        var failure = Assert.Throws<NasClusterException>(() => ArcFile.Parse($"{Good}\n{row}\n", "tasks/arc.jsonl"));
        Assert.StartsWith($"tasks/arc.jsonl(2): {rule}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Theory]
    [InlineData("""{"question":"Why  so?","choices":{"text":["no","yes "],"label":["1","2"]},"answerKey":"2"}""")]
    [InlineData("""{"question_stem":"Why  so?","choices":{"text":["no","yes "],"label":["1","2"]},"answerKey":"2"}""")]
    [InlineData("""{"question":{"stem":"Why  so?","choices":[{"text":"no","label":"1"},{"text":"yes ","label":"2"}]},"answerKey":"2"}""")]
    public void Parse_AsListsOrNested_IsTheSameQuestion(string row)
    {
        var question = Assert.Single(ArcFile.Parse(row, "f"));

        Assert.Equal((1, "Why  so?", 1), (question.Line, question.Stem, question.Answer));
        Assert.Equal(["no", "yes "], question.Choices.ToArray());
    }

    [Theory]
    [InlineData("""{"question":"s","choices":{"text":["t","u"],"label":["A"]},"answerKey":"A"}""", "choices has 2 texts and 1 labels; there must be as many.")]
    [InlineData("""{"question":"s","choices":{"text":["t","u"],"label":["A","A"]},"answerKey":"A"}""", "choices.label is A, A; labels must differ.")]
    [InlineData("""{"question":"s","choices":{"text":["t"],"label":["A"]},"answerKey":"A"}""", "choices.text has 1 choices; it must have 2 to 64.")]
    [InlineData("""{"choices":{"text":["t","u"],"label":["A","B"]},"answerKey":"A"}""", "question is missing")]
    public void Parse_BrokenLists_SaysWhere(string row, string rule) =>
        Assert.StartsWith($"f(1): {rule}", Assert.Throws<NasClusterException>(() => ArcFile.Parse(row, "f")).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_NoRows_SaysSo() => Assert.Equal("f has no questions.", Assert.Throws<NasClusterException>(() => ArcFile.Parse("\n \n", "f")).Message);

    [SharedDataTheory("eval/arc")]
    [InlineData("ARC-Easy-Test.derived.jsonl", 2376)]
    [InlineData("ARC-Challenge-Test.derived.jsonl", 1172)]
    public void Read_PublishedSplits_HaveAllQuestions(string file, int count) => Assert.Equal(count, ArcFile.Read(SharedData.PathOf($"eval/arc/{file}")).Length);
}
