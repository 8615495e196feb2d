using NasCluster.Core;

namespace NasCluster.Evaluation.Texts;

/// <summary>A text cut into the part a search may see and the part kept apart to report on. They share no document and no line.</summary>
/// <param name="Search">The leading part.</param>
/// <param name="Report">The rest; null when the search may see everything.</param>
public sealed record TextParts(string Search, string? Report)
{
    /// <summary>Cuts a text between documents.</summary>
    /// <remarks>
    /// Documents lose the white space around them, empty ones are dropped, and the rest are joined. The search part is the
    /// fewest leading documents that hold at least the share of all characters, leaving at least one for the report part.
    /// A text of one document stays as it is and is cut after the first line that ends at or past the share.
    /// </remarks>
    /// <param name="text">The text.</param>
    /// <param name="separator">What stands between two documents; null when the text is one.</param>
    /// <param name="join">What is put between them.</param>
    /// <param name="searchShare">Share of characters for the search, in (0, 1]; 1 makes no report part.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="NasClusterException">There is no text, or nothing to cut between.</exception>
    public static TextParts Cut(string text, string? separator, string join, double searchShare, string source)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(searchShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(searchShare, 1);
        var documents = Documents(text, separator, source);
        if (searchShare >= 1)
        {
            return new TextParts(string.Join(join, documents), null);
        }

        return documents.Length == 1 ? CutAtLine(documents[0], searchShare, source) : CutAtDocument(documents, join, searchShare);
    }

    /// <summary>Takes a leading part off a text, as <see cref="Cut"/> does, leaving the rest as it was written so that it can be cut in turn.</summary>
    /// <param name="text">The text.</param>
    /// <param name="separator">What stands between two documents; null when the text is one.</param>
    /// <param name="join">What is put between the documents of the leading part.</param>
    /// <param name="share">Share of characters for the leading part, in (0, 1).</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="NasClusterException">There is no text, or nothing to cut between.</exception>
    public static (string Leading, string Remaining) TakeLeading(string text, string? separator, string join, double share, string source)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share, 1);
        var documents = Documents(text, separator, source);
        if (documents.Length == 1)
        {
            var parts = CutAtLine(documents[0], share, source);
            return (parts.Search, parts.Report!);
        }

        // Two are left where there are so many: one alone could only be cut between its lines.
        var count = Math.Min(CountFor(documents, share), Math.Max(1, documents.Length - 2));
        return (string.Join(join, documents[..count]), string.Join(separator, documents[count..]));
    }

    /// <summary>The documents of a text, in order, without the white space around them; empty ones are dropped. A text that is one stays as it is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="separator">What stands between two documents; null when the text is one.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="NasClusterException">There is no text.</exception>
    public static string[] Documents(string text, string? separator, string source)
    {
        string[] documents = separator is null ? [text] : text.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return documents.Length == 0 || string.IsNullOrWhiteSpace(documents[0])
            ? throw new NasClusterException($"{source} is empty; it must hold a text.")
            : documents;
    }

    private static TextParts CutAtDocument(string[] documents, string join, double searchShare)
    {
        var count = CountFor(documents, searchShare);
        return new TextParts(string.Join(join, documents[..count]), string.Join(join, documents[count..]));
    }

    private static int CountFor(string[] documents, double searchShare)
    {
        var wanted = searchShare * documents.Sum(d => (double)d.Length);
        var count = 0;
        double characters = 0;
        while (count < documents.Length - 1 && characters < wanted)
        {
            characters += documents[count++].Length;
        }

        return count;
    }

    private static TextParts CutAtLine(string document, double searchShare, string source)
    {
        var wanted = (int)Math.Ceiling(searchShare * document.Length);
        var end = document.IndexOf('\n', Math.Min(wanted, document.Length) - 1);
        if (end < 0 || string.IsNullOrWhiteSpace(document[(end + 1)..]))
        {
            end = document.TrimEnd().LastIndexOf('\n');
        }

        return end < 0 || string.IsNullOrWhiteSpace(document[..end])
            ? throw new NasClusterException(
                $"{source} is a single line; it needs at least two to be cut into a search part and a report part (or a data.search_share of 1).")
            : new TextParts(document[..(end + 1)], document[(end + 1)..]);
    }
}
