using System.Text;

namespace NasCluster.Tokenizers;

/// <summary>Text without halves of surrogate pairs.</summary>
internal static class WellFormed
{
    /// <summary>The text with each half pair as U+FFFD, as encoding it to UTF-8 would have it.</summary>
    public static string Of(string text) =>
        text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
}
