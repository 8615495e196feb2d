using System.Globalization;
using System.Text;
using NasCluster.Core;

namespace NasCluster.Local;

/// <summary>Reads the small files a command line names, with one clear line when one cannot be read.</summary>
internal static class InputFile
{
    private const int LongestQuote = 40;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The whole file as UTF-8 text.</summary>
    /// <exception cref="NasClusterException">The file is absent, cannot be read, or is not UTF-8.</exception>
    public static string ReadText(string path)
    {
        try
        {
            return StrictUtf8.GetString(File.ReadAllBytes(path));
        }
        catch (DecoderFallbackException exception)
        {
            throw new NasClusterException($"{path}: byte {exception.Index} is not UTF-8; texts must be UTF-8.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new NasClusterException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Token ids separated by white space or commas, with or without brackets around them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="vocabularySize">How many ids the model has.</param>
    /// <exception cref="NasClusterException">Something in it is not a token id of the model.</exception>
    public static int[] ReadIds(string path, int vocabularySize)
    {
        var text = ReadText(path).Trim();
        if (text.StartsWith('[') && text.EndsWith(']'))
        {
            text = text[1..^1];
        }

        var words = text.Split([',', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var ids = new int[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            if (!int.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out ids[i]) || ids[i] >= vocabularySize)
            {
                var shown = words[i].Length > LongestQuote ? $"{words[i][..LongestQuote]}..." : words[i];
                throw new NasClusterException($"{path}: entry {i + 1} is \"{shown}\"; the model's token ids are whole numbers from 0 to {vocabularySize - 1}.");
            }
        }

        return ids;
    }
}
