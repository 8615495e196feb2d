namespace NasCluster.Tokenizers;

/// <summary>Tells formats apart by content.</summary>
internal static class FileFormats
{
    private const int Looked = 512;

    /// <summary>What a file looks like; whether it is that, its reader finds out.</summary>
    /// <param name="bytes">The whole file.</param>
    public static FileFormat Of(ReadOnlySpan<byte> bytes)
    {
        var start = bytes[..Math.Min(bytes.Length, Looked)];
        if (start.IsEmpty)
        {
            return FileFormat.Unknown;
        }

        // A protobuf message starts with lengths and types, which are control characters; text has none of these.
        if (start.ContainsAnyInRange((byte)0, (byte)8) || start.ContainsAnyInRange((byte)0x0e, (byte)0x1f))
        {
            return FileFormat.SentencePiece;
        }

        var text = start.StartsWith("\ufeff"u8) ? start[3..] : start;
        return text.TrimStart(" \t\r\n"u8) switch
        {
            [(byte)'{' or (byte)'[', ..] => FileFormat.Json,
            [] => FileFormat.Unknown,
            _ => FileFormat.Tiktoken,
        };
    }
}
