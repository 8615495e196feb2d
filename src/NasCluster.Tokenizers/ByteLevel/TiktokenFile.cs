using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Microsoft.ML.Tokenizers;
using NasCluster.Core;

namespace NasCluster.Tokenizers.ByteLevel;

/// <summary>LLaMA-3's <c>tokenizer.model</c>: lines of a token in base64 and its rank.</summary>
/// <remarks>
/// The file does not name the marks. LLaMA-3 puts 256 of them behind the ranks: <c>&lt;|begin_of_text|&gt;</c> (128000 with its 128,000 tokens),
/// <c>&lt;|end_of_text|&gt;</c>, and others that differ from release to release but are never made from text.
/// </remarks>
internal static class TiktokenFile
{
    private const int Marks = 256;
    private const int LongestToken = 1024;

    /// <summary>Reads a file and checks it.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">For messages.</param>
    /// <exception cref="NasClusterException">It is malformed or incomplete.</exception>
    public static ByteLevelModel Read(byte[] bytes, string file)
    {
        var tokens = ReadTokens(bytes, file);
        var library = TiktokenTokenizer.Create(Write(tokens), new ChunkSplitter([ChunkPatterns.Llama3], []), normalizer: null);
        RefuseUnreachable(tokens, library, file);
        return new ByteLevelModel([.. tokens, .. new byte[]?[Marks]], tokens.Length, tokens.Length + 1, library);
    }

    private static byte[][] ReadTokens(byte[] bytes, string file)
    {
        if (!Utf8.IsValid(bytes))
        {
            throw new NasClusterException($"{file}: no text; a tiktoken file is lines of a token in base64, a space and a rank.");
        }

        var lines = Encoding.UTF8.GetString(bytes).TrimStart('\ufeff').TrimEnd('\r', '\n').Split('\n');
        var tokens = new byte[lines.Length][];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < lines.Length; i++)
        {
            var place = $"{file}, line {i + 1}";
            var line = lines[i].TrimEnd('\r');
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space < 1 || line.AsSpan(0, space).ContainsAny('\t', '\r') || !Base64.IsValid(line.AsSpan(0, space), out var length) || length is 0 or > LongestToken)
            {
                throw new NasClusterException(
                    $"{place} is {FileText.Quote(line)}; it must be a token of 1 to {LongestToken} bytes in base64, a space and a rank.");
            }

            if (!int.TryParse(line.AsSpan(space + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var rank) || rank >= lines.Length)
            {
                throw new NasClusterException(
                    $"{place} has rank {FileText.Quote(line[(space + 1)..])}; the ranks of {lines.Length} tokens must be 0 to {lines.Length - 1}, each once.");
            }

            if (tokens[rank] is not null)
            {
                throw new NasClusterException($"{place} has rank {rank} again; each rank may be there once.");
            }

            tokens[rank] = Convert.FromBase64String(line[..space]);
            if (!seen.Add(Encoding.Latin1.GetString(tokens[rank])))
            {
                throw new NasClusterException($"{place} has token {FileText.Quote(line[..space])} again; each token may be there once.");
            }
        }

        for (var value = 0; value < 256; value++)
        {
            if (!seen.Contains($"{(char)value}"))
            {
                throw new NasClusterException($"{file}: no token is the byte 0x{value:X2} alone; all 256 bytes need one.");
            }
        }

        return tokens;
    }

    // Not the file as it is: the library never comes back from one with an empty line.
    private static MemoryStream Write(byte[][] tokens) => new(Encoding.ASCII.GetBytes(string.Concat(
        tokens.Select((token, rank) => string.Create(CultureInfo.InvariantCulture, $"{Convert.ToBase64String(token)} {rank}\n")))));

    // A chunk that is a token as it is becomes that token, whatever the ranks of its parts; the library does so only where the token has no U+FFFD.
    private static void RefuseUnreachable(byte[][] tokens, TiktokenTokenizer library, string file)
    {
        for (var id = 0; id < tokens.Length; id++)
        {
            if (tokens[id].AsSpan().IndexOf("\ufffd"u8) >= 0 && Utf8.IsValid(tokens[id])
                && (library.EncodeToIds(Encoding.UTF8.GetString(tokens[id]), considerPreTokenization: false) is not [var made] || made != id))
            {
                throw new NasClusterException($"{file}: token {id} has U+FFFD, but its bytes do not join into it; the library that encodes needs that.");
            }
        }
    }
}
