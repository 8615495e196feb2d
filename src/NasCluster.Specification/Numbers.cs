using System.Globalization;
using System.Text.RegularExpressions;

namespace NasCluster.Specification;

/// <summary>Numbers as YAML 1.2's core schema and JSON write them, in base ten.</summary>
internal static partial class Numbers
{
    // Longer ones are no numbers anybody means, and parsing them costs time.
    private const int Longest = 64;

    internal static bool Looks(string text) => text.Length is > 0 and <= Longest && (Pattern().IsMatch(text) || Special(text) is not null);

    internal static bool TryNumber(string text, out double value)
    {
        value = Special(text) ?? 0;
        return Looks(text) && (Special(text) is not null || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value));
    }

    /// <summary>Reads an integer, also one written as <c>1e6</c> or <c>512.0</c> as JSON Schema allows.</summary>
    /// <returns>Whether it is an integer at all; <paramref name="integer"/> is null when it is one too large for 64 bits.</returns>
    internal static bool TryInteger(string text, out long? integer, out double approximate)
    {
        integer = null;
        if (!TryNumber(text, out approximate) || !double.IsFinite(approximate) || Math.Floor(approximate) != approximate)
        {
            return false;
        }

        const double ExactlyRepresentable = 1L << 53;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exact))
        {
            integer = exact;
        }
        else if (Math.Abs(approximate) <= ExactlyRepresentable)
        {
            integer = (long)approximate;
        }

        return true;
    }

    private static double? Special(string text) => text switch
    {
        ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" => double.PositiveInfinity,
        "-.inf" or "-.Inf" or "-.INF" => double.NegativeInfinity,
        ".nan" or ".NaN" or ".NAN" => double.NaN,
        _ => null,
    };

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
