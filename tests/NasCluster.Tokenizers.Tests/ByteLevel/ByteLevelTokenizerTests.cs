using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Tokenizers.Tests.ByteLevel;

public class ByteLevelTokenizerTests
{
    private static readonly LearnedVocabulary Vocabulary = LearnedVocabulary.Learn();
    private static readonly ITokenizer Tiktoken = MlTokenizers.Parse(Encoding.UTF8.GetBytes(Vocabulary.ToTiktoken()), "tokenizer.model");

    /// <summary>20,000 texts; NASCLUSTER_TEXTS=1000000 tries that many.</summary>
    [Fact]
    public void Encode_RandomTextsByRank_AgreesWithThePlainAlgorithm() => Check(Tiktoken, Vocabulary.EncodeByRank);

    /// <summary>20,000 texts; NASCLUSTER_TEXTS=1000000 tries that many.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Encode_RandomTextsByMerges_AgreesWithThePlainAlgorithm(bool takesTokens, bool pairsAsLists) => Check(
        MlTokenizers.Parse(LearnedJson.Bytes(LearnedJson.Of(Vocabulary, takesTokens, pairsAsLists)), "tokenizer.json"),
        text => Vocabulary.EncodeByMerges(text, takesTokens));

    [Fact]
    public void Encode_ChunkThatIsAToken_IsThatTokenThoughNoJoinsLeadToIt()
    {
        var unjoined = Vocabulary.Tokens.Count - 3;
        Assert.Equal([unjoined, unjoined + 1], Tiktoken.Encode(" xyzzy Vi\u1ec7t"));
        Assert.Equal([unjoined, unjoined + 1], Open(takesTokens: true).Encode(" xyzzy Vi\u1ec7t"));
        Assert.DoesNotContain(unjoined, Open(takesTokens: false).Encode(" xyzzy Vi\u1ec7t"));
    }

    [Fact]
    public void Encode_Marks_AreNeverMadeFromText()
    {
        foreach (var tokenizer in new[] { Tiktoken, Open() })
        {
            var ids = tokenizer.Encode("<|begin_of_text|><|end_of_text|><|eot_id|>");
            Assert.All(ids, id => Assert.InRange(id, 0, Vocabulary.Tokens.Count - 1));
            Assert.Equal("<|begin_of_text|><|end_of_text|><|eot_id|>", Encoding.UTF8.GetString(tokenizer.Decode(ids)));
        }
    }

    [Fact]
    public void Marks_ComeBehindTheTokens()
    {
        var count = Vocabulary.Tokens.Count;
        Assert.Equal((count + 256, count, count + 1), (Tiktoken.VocabularySize, Tiktoken.BeginningOfSequence, Tiktoken.EndOfSequence));
        Assert.Equal((count + 3, count, count + 1), (Open().VocabularySize, Open().BeginningOfSequence, Open().EndOfSequence));
    }

    [Fact]
    public void Decode_MarksAndBytesThatAreNoText_AreNothingAndGivenAsTheyAre()
    {
        Assert.Equal([0xff, (byte)'a', 0xc3], Tiktoken.Decode([Vocabulary.Tokens.Count, 0xff, 'a', 0xc3, Vocabulary.Tokens.Count + 255]));
        Assert.Equal([0xff, (byte)'a', 0xc3], Open().Decode([Vocabulary.Tokens.Count, 0xff, 'a', 0xc3, Vocabulary.Tokens.Count + 2]));
    }

    [Fact]
    public void Decode_IdOutsideVocabulary_NamesIdAndPlace()
    {
        var size = Tiktoken.VocabularySize;
        var e = Assert.Throws<NasClusterException>(() => Tiktoken.Decode([3, size]));
        Assert.Equal($"Token {size} at place 1 is not in the vocabulary; ids are in [0, {size - 1}].", e.Message);
        Assert.Throws<NasClusterException>(() => Tiktoken.Decode([-1]));
    }

    [Fact]
    public void Encode_LongChunk_AgreesWithThePlainAlgorithm()
    {
        // Long words are joined by another algorithm in some versions of the library.
        var text = string.Concat(RandomTexts.Of(seed: 3, 30).Select(t => t.Replace(' ', 'a')))[..600];
        Assert.Equal(Vocabulary.EncodeByRank(text), Tiktoken.Encode(text));
        Assert.Equal(Vocabulary.EncodeByRank(new string('a', 1001)), Tiktoken.Encode(new string('a', 1001)));
    }

    [Fact]
    public void Encode_AddedTokensThatAreNoMarks_AreTakenFirstAndLongest()
    {
        var count = Vocabulary.Tokens.Count;
        var file = LearnedJson.Of(Vocabulary);
        file["added_tokens"]!.AsArray().Add((JsonNode)LearnedJson.Mark("<tool>", count + 3, isSpecial: false));
        file["added_tokens"]!.AsArray().Add((JsonNode)LearnedJson.Mark("<tool>s", count + 4, isSpecial: false));
        var tokenizer = MlTokenizers.Parse(LearnedJson.Bytes(file), "tokenizer.json");
        Assert.Equal([.. tokenizer.Encode(" the"), count + 3, .. tokenizer.Encode(" the"), count + 4, count + 3], tokenizer.Encode(" the<tool> the<tool>s<tool>"));
        Assert.Equal("a<tool>s", Encoding.UTF8.GetString(tokenizer.Decode(['a', count + 4])));
    }

    [Fact]
    public void Encode_OnSeveralThreads_GivesWhatOneGives()
    {
        var texts = RandomTexts.Of(seed: 4, 2000).ToArray();
        foreach (var tokenizer in new[] { Tiktoken, Open() })
        {
            var ids = new int[texts.Length][];
            Parallel.For(0, texts.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => ids[i] = tokenizer.Encode(texts[i]));
            Assert.Equal(texts.Select(tokenizer.Encode), ids);
        }
    }

    [Fact]
    public void Fingerprint_IsTheFiles()
    {
        Assert.Matches("^[0-9a-f]{64}$", Tiktoken.Fingerprint);
        Assert.Equal(Tiktoken.Fingerprint, MlTokenizers.Parse(Encoding.UTF8.GetBytes(Vocabulary.ToTiktoken()), "elsewhere").Fingerprint);
        Assert.NotEqual(Tiktoken.Fingerprint, MlTokenizers.Parse(Encoding.UTF8.GetBytes(LearnedVocabulary.Learn(10).ToTiktoken()), "tokenizer.model").Fingerprint);
    }

    private static ITokenizer Open(bool takesTokens = true) => MlTokenizers.Parse(LearnedJson.Bytes(LearnedJson.Of(Vocabulary, takesTokens)), "tokenizer.json");

    private static void Check(ITokenizer tokenizer, Func<string, int[]> expected)
    {
        foreach (var text in RandomTexts.Of(seed: 1, RandomTexts.Count(20_000)))
        {
            var ids = tokenizer.Encode(text);
            if (!ids.AsSpan().SequenceEqual(expected(text)))
            {
                Assert.Fail($"{JsonSerializer.Serialize(text)}: {string.Join(' ', ids)} instead of {string.Join(' ', expected(text))}");
            }

            Assert.True(tokenizer.Decode(ids).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text)), text);
        }
    }
}
