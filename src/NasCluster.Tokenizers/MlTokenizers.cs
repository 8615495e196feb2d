using System.Security.Cryptography;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Tokenizers.ByteLevel;
using NasCluster.Tokenizers.SentencePiece;

namespace NasCluster.Tokenizers;

/// <summary>Tokenizers whose merging Microsoft.ML.Tokenizers does.</summary>
/// <remarks>
/// Marks are never made from text: <c>&lt;s&gt;</c> or <c>&lt;|begin_of_text|&gt;</c> in a text is spelled out, whatever the format. The fingerprint is
/// SHA-256 of the file, the same as the portable tokenizer's: both make the same ids of it, so what was evaluated with one is known to the other.
/// All are safe to use from several threads.
/// </remarks>
public static class MlTokenizers
{
    private const long LargestFile = 64 << 20;

    /// <summary>Where a model's directory may hold its tokenizer, best first.</summary>
    private static readonly string[] Names = ["tokenizer.model", "tokenizer.json", "original/tokenizer.model"];

    /// <summary>The tokenizer's file in a model's directory: what of LLaMA's own and Hugging Face's names comes first.</summary>
    /// <param name="directory">A directory.</param>
    /// <exception cref="NasClusterException">There is none.</exception>
    public static string Find(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return Names.Select(name => Path.Combine(directory, name)).FirstOrDefault(File.Exists)
            ?? throw new NasClusterException($"{directory}: no tokenizer inside; it must hold one of {string.Join(", ", Names)}.");
    }

    /// <summary>Reads a tokenizer, whatever its format.</summary>
    /// <param name="path">
    /// A file, or the directory of a model. SentencePiece <c>.model</c> (LLaMA, LLaMA-2), tiktoken (LLaMA-3) and <c>tokenizer.json</c> are told apart by
    /// content: two of them share a name.
    /// </param>
    /// <exception cref="NasClusterException">It is missing, malformed, or a kind of tokenizer that is not supported.</exception>
    public static ITokenizer Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = Directory.Exists(path) ? Find(path) : path;
        return Parse(Read(file), file);
    }

    /// <summary>Reads the bytes of a tokenizer's file, whatever its format.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">What to call it in messages.</param>
    /// <exception cref="NasClusterException">It is malformed, or a kind of tokenizer that is not supported.</exception>
    public static ITokenizer Parse(byte[] bytes, string file)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        ArgumentNullException.ThrowIfNull(file);
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return FileFormats.Of(bytes) switch
        {
            FileFormat.SentencePiece => new SentencePieceTokenizer(PieceFile.Read(bytes, file), fingerprint, file),
            FileFormat.Json => new ByteLevelTokenizer(JsonFile.Read(bytes, file), fingerprint),
            FileFormat.Tiktoken => new ByteLevelTokenizer(TiktokenFile.Read(bytes, file), fingerprint),
            _ => throw new NasClusterException(
                $"{file}: no tokenizer; a file must be a SentencePiece model, tiktoken lines of base64 and rank, or a tokenizer.json."),
        };
    }

    private static byte[] Read(string file)
    {
        try
        {
            using var handle = File.OpenHandle(file); // The length of a link is not that of its file.
            var length = RandomAccess.GetLength(handle);
            return length <= LargestFile
                ? File.ReadAllBytes(file)
                : throw new NasClusterException($"{file}: {length} bytes; a tokenizer has at most {LargestFile}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NasClusterException($"{file}: the tokenizer cannot be read: {FileText.OneLine(e.Message)}", e);
        }
    }
}
