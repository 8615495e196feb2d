namespace NasCluster.Core.Storage.Contents;

/// <summary>The rule for names of contents.</summary>
internal static class ContentHash
{
    /// <summary>Hexadecimal digits of a SHA-256.</summary>
    public const int Length = 64;

    public static bool IsValid(ReadOnlySpan<char> hash)
    {
        foreach (var c in hash)
        {
            if (!char.IsAsciiHexDigitLower(c))
            {
                return false;
            }
        }

        return hash.Length == Length;
    }

    /// <exception cref="ArgumentException">It is no SHA-256 in lower-case hexadecimal.</exception>
    public static void ThrowIfInvalid(string hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        if (!IsValid(hash))
        {
            throw new ArgumentException($"A content is named by {Length} of 0-9 and a-f, its SHA-256.", nameof(hash));
        }
    }
}
