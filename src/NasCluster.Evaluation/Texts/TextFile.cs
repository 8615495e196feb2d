using System.Text;
using NasCluster.Core;

namespace NasCluster.Evaluation.Texts;

/// <summary>Reads texts to score or to learn.</summary>
public static class TextFile
{
    /// <summary>Reads a UTF-8 file, without its byte-order mark if it has one. Line ends stay as they are.</summary>
    /// <exception cref="NasClusterException">It cannot be read, is not UTF-8 or has nothing in it.</exception>
    public static string Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new NasClusterException($"{path} cannot be read: {e.Message}", e);
        }

        try
        {
            var marked = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble);
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, marked ? 3 : 0, bytes.Length - (marked ? 3 : 0));
            return string.IsNullOrWhiteSpace(text) ? throw new NasClusterException($"{path} is empty; it must hold a text.") : text;
        }
        catch (DecoderFallbackException e)
        {
            throw new NasClusterException($"{path} is not UTF-8: byte {e.Index} starts no character.", e);
        }
    }
}
