using System.Collections.Immutable;
using NasCluster.Llama.Tokenizers;

namespace NasCluster.SmallWorld.Words;

/// <summary>The tokenizer of the small world: every word is one token.</summary>
public static class WorldTokenizer
{
    /// <summary>How many ids there are, whatever the number of words; the rest are unused, so that networks keep their shape.</summary>
    public const int Size = 512;

    /// <summary>The pieces after the three marks: words with the space before them, then what stands with none.</summary>
    internal static ImmutableArray<string> Pieces { get; } =
        [.. Vocabulary.Words.Select(w => " " + w), .. Vocabulary.Punctuation, "\n", Vocabulary.AnswerMark, .. Vocabulary.Starts];

    /// <summary>The bytes of its <c>tokenizer.model</c>.</summary>
    public static byte[] ToModelFile() => SentencePieceFile.OfWords(Pieces, Size);

    /// <summary>The tokenizer.</summary>
    public static SentencePieceTokenizer Create() => SentencePieceTokenizer.Parse(ToModelFile(), "tokenizer.model");
}
