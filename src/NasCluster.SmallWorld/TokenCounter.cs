namespace NasCluster.SmallWorld;

/// <summary>Counts tokens without encoding: in this world a word is a token, and so is each mark behind it.</summary>
internal static class TokenCounter
{
    /// <summary>How many tokens the world's tokenizer makes of a text, without beginning and end marks.</summary>
    public static int Count(ReadOnlySpan<char> text) => text.IsEmpty ? 0 : 1 + text.Count(' ') + text.Count('.') + text.Count(',') + text.Count('?') + text.Count('\n');
}
