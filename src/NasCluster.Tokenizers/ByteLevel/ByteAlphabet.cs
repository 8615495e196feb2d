namespace NasCluster.Tokenizers.ByteLevel;

/// <summary>The letters that <c>tokenizer.json</c> writes bytes with: those that are seen on paper as themselves, the others from U+0100 on, in order.</summary>
internal static class ByteAlphabet
{
    private static readonly Dictionary<char, byte> Values = Enumerable.Range(0, 256).ToDictionary(b => LetterOf((byte)b), b => (byte)b);

    /// <summary>The letter of a byte.</summary>
    public static char LetterOf(byte value) =>
        IsSeen(value) ? (char)value : (char)(0x100 + Enumerable.Range(0, value).Count(b => !IsSeen((byte)b)));

    /// <summary>The bytes that a name is written for; null if it has other letters.</summary>
    public static byte[]? BytesOf(string name)
    {
        var bytes = new byte[name.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (!Values.TryGetValue(name[i], out bytes[i]))
            {
                return null;
            }
        }

        return bytes;
    }

    private static bool IsSeen(byte value) => value is (>= 0x21 and <= 0x7e) or (>= 0xa1 and <= 0xac) or >= 0xae;
}
