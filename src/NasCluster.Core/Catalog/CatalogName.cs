using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace NasCluster.Core.Catalog;

/// <summary>The name of a search, super-network or data set of a cluster.</summary>
/// <remarks>
/// Names become parts of storage paths, so they are held to characters that mean nothing there: no name can lead to the state of
/// another, whatever the storage.
/// </remarks>
public readonly record struct CatalogName
{
    /// <summary>The longest a name may be.</summary>
    public const int MaximumLength = 63;

    private readonly string? _value;

    private CatalogName(string value) => _value = value;

    /// <summary>The name.</summary>
    public string Value => _value ?? throw new InvalidOperationException("The name was never given a value.");

    /// <summary>Checks a name.</summary>
    /// <param name="text">1 to 63 of <c>a-z 0-9 - .</c>, a letter or digit first and last, no two of <c>- .</c> in a row.</param>
    /// <param name="kind">What it names, for the message: <c>search</c>, <c>super-network</c>, <c>data set</c>.</param>
    /// <exception cref="NasClusterException">It breaks the rule.</exception>
    public static CatalogName Parse(string text, string kind) => TryParse(text, out var name)
        ? name
        : throw new NasClusterException(
            $"'{Shown(text)}' is no name of a {kind}: it must have 1 to {MaximumLength} of a-z, 0-9, '-' and '.', a letter or digit first and last, "
            + "and no two of '-' and '.' in a row.");

    /// <summary>Checks a name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CatalogName name)
    {
        name = default;
        if (text is null || text.Length is 0 or > MaximumLength)
        {
            return false;
        }

        var separated = true;
        foreach (var c in text)
        {
            var isSeparator = c is '-' or '.';
            if (!(isSeparator || char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)) || (isSeparator && separated))
            {
                return false;
            }

            separated = isSeparator;
        }

        if (separated)
        {
            return false;
        }

        name = new CatalogName(text);
        return true;
    }

    /// <summary>The name closest to a text, such as that of a file: lower case, and '-' for whatever a name may not have.</summary>
    /// <param name="text">The text; the last part of a path, without an ending.</param>
    /// <param name="otherwise">The name when nothing of the text can stay.</param>
    public static CatalogName Suggested(string text, string otherwise)
    {
        ArgumentNullException.ThrowIfNull(text);
        var name = new StringBuilder();
        foreach (var c in text.ToLowerInvariant())
        {
            var isKept = char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
            if (isKept || (name.Length > 0 && name[^1] is not ('-' or '.')))
            {
                name.Append(isKept ? c : c == '.' ? '.' : '-');
            }
        }

        var cut = name.ToString(0, Math.Min(name.Length, MaximumLength)).TrimEnd('-', '.');
        return TryParse(cut, out var found) ? found : Parse(otherwise, "name");
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static string Shown(string text) =>
        new([.. text.Take(MaximumLength).Select(c => char.IsControl(c) ? '?' : c), .. text.Length > MaximumLength ? "..." : ""]);
}
