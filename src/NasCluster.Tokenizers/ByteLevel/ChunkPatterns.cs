using System.Text.RegularExpressions;

namespace NasCluster.Tokenizers.ByteLevel;

/// <summary>How texts are cut into chunks that joins do not cross.</summary>
/// <remarks>
/// Only these are known, not any pattern a file may hold: engines read the same pattern in different ways (case, sets, whole characters), and a wrong
/// chunk is a wrong id that nothing reports.
/// </remarks>
internal static partial class ChunkPatterns
{
    /// <summary>LLaMA-3's pattern, as its files write it.</summary>
    public const string Llama3Text =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The same. The long s folds to s where the pattern comes from, but not in .NET.</summary>
    [GeneratedRegex(
        @"'(?:[sS\u017f]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        RegexOptions.CultureInvariant)]
    public static partial Regex Llama3 { get; }

    /// <summary>GPT-2's pattern, which Hugging Face's ByteLevel step applies unless told not to.</summary>
    [GeneratedRegex(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    public static partial Regex Gpt2 { get; }

    [GeneratedRegex(@"\p{N}", RegexOptions.CultureInvariant)]
    public static partial Regex Digit { get; }

    [GeneratedRegex(@"\p{N}+", RegexOptions.CultureInvariant)]
    public static partial Regex Digits { get; }
}
