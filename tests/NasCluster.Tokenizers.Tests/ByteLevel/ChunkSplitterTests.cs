using System.Text;
using System.Text.RegularExpressions;
using NasCluster.Tokenizers.ByteLevel;

namespace NasCluster.Tokenizers.Tests.ByteLevel;

public class ChunkSplitterTests
{
    [Theory]
    [InlineData("I've we'LL it'\u017f x'q", "I", "'ve", " we", "'LL", " it", "'\u017f", " x", "'q")]
    [InlineData("a  b\tc \r\n\n  d   ", "a", " ", " b", "\tc", " \r\n\n", " ", " d", "   ")]
    [InlineData("1234567 \u0663\u0664\u0665\u0666", "123", "456", "7", " ", "\u0663\u0664\u0665", "\u0666")]
    [InlineData("!?\r\n x", "!?\r\n", " x")]
    [InlineData("<|end_of_text|>", "<|", "end", "_of", "_text", "|>")]

    // Characters of two chars: a letter, a digit, and a picture before a word.
    [InlineData("a\ud835\udc00b \ud835\udfd8\ud835\udfd9\ud835\udfda\ud835\udfdb", "a\ud835\udc00b", " ", "\ud835\udfd8\ud835\udfd9\ud835\udfda", "\ud835\udfdb")]
    [InlineData("\ud83d\ude00word \ud83d\ude00\ud83d\ude00word", "\ud83d\ude00word", " \ud83d\ude00\ud83d\ude00", "word")]
    public void PreTokenize_Llama3_CutsAsItsPatternDoes(string text, params string[] chunks) =>
        Assert.Equal(chunks, Chunks(text, [ChunkPatterns.Llama3]));

    [Fact]
    public void PreTokenize_RandomTextsWithLlama3_AgreesWithThePlainWalk()
    {
        foreach (var text in RandomTexts.Of(seed: 5, RandomTexts.Count(20_000)).Select(t => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(t))))
        {
            Assert.Equal(Llama3Chunks.Of(text), Chunks(text, [ChunkPatterns.Llama3]));
        }
    }

    [Fact]
    public void PreTokenize_Gpt2BehindDigits_CutsWhatThoseLeft() => Assert.Equal(
        ["WE", "'", "LL", " be", "'ll", " ", "1", "2", "\ud835\udfd8", "\n ", " the", "!\ud83d\ude00"],
        Chunks("WE'LL be'll 12\ud835\udfd8\n  the!\ud83d\ude00", [ChunkPatterns.Digit, ChunkPatterns.Gpt2]));

    [Fact]
    public void PreTokenize_WhatPatternsLeave_IsAChunk() => Assert.Equal(["ab", "12", "c", "3"], Chunks("ab12c3", [ChunkPatterns.Digits]));

    [Fact]
    public void PreTokenize_AddedTokens_ComeFirstAndLongest() =>
        Assert.Equal([" a", "<t>s", "<t>", " b"], Chunks(" a<t>s<t> b", [ChunkPatterns.Llama3], "<t>", "<t>s"));

    private static IEnumerable<string> Chunks(string text, Regex[] patterns, params string[] added) =>
        new ChunkSplitter(patterns, added).PreTokenize(text).Select(c => text.Substring(c.Offset, c.Length));
}
