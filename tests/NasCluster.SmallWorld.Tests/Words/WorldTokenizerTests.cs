using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld.Tests.Words;

public class WorldTokenizerTests
{
    private const int Unknown = 0;

    [Fact]
    public void Encode_EveryDocument_HasNoUnknownWordAndComesBack()
    {
        var tokenizer = WorldTokenizer.Create();
        foreach (var document in GeneratedWorld.Documents)
        {
            var ids = tokenizer.Encode(document);
            Assert.DoesNotContain(Unknown, ids);
            Assert.Equal(document, System.Text.Encoding.UTF8.GetString(tokenizer.Decode(ids)));
            Assert.Equal(ids.Length, TokenCounter.Count(document));
        }
    }

    [Fact]
    public void Encode_DocumentsEachAndJoined_UseEveryPieceAndNoUnknownWord()
    {
        var tokenizer = WorldTokenizer.Create();
        var ids = tokenizer.Encode(string.Join("\n\n", GeneratedWorld.Documents)).Concat(GeneratedWorld.Documents.SelectMany(tokenizer.Encode));
        Assert.Equal(Enumerable.Range(3, WorldTokenizer.Pieces.Length), ids.Distinct().Order());
    }

    [Fact]
    public void Encode_Choice_IsOneTokenAfterTheContext()
    {
        var tokenizer = WorldTokenizer.Create();
        foreach (var question in GeneratedWorld.Tasks.Values.SelectMany(q => q.Take(300)))
        {
            var context = tokenizer.Encode($"Question: {question.Stem}\nAnswer:");
            Assert.All(question.Choices, choice =>
            {
                var whole = tokenizer.Encode($"Question: {question.Stem}\nAnswer: {choice}");
                Assert.Equal(context, whole[..^1]);
                Assert.NotEqual(Unknown, whole[^1]);
            });
        }
    }

    [Fact]
    public void Create_Size_IsFixedWithTheUsualMarks()
    {
        var tokenizer = WorldTokenizer.Create();
        Assert.Equal(512, tokenizer.VocabularySize);
        Assert.Equal(1, tokenizer.BeginningOfSequence);
        Assert.Equal(2, tokenizer.EndOfSequence);
    }
}
