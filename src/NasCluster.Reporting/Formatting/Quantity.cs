using System.Globalization;
using NasCluster.Core.Search;

namespace NasCluster.Reporting.Formatting;

/// <summary>A unit and the factor that brings values to it.</summary>
/// <param name="Divisor">What a raw value is divided by.</param>
/// <param name="Symbol">What stands behind the number; may be empty.</param>
internal readonly record struct Scale(double Divisor, string Symbol)
{
    public string Suffix => Symbol.Length == 0 ? "" : " " + Symbol;
}

/// <summary>Numbers as people read them, the same in every culture. The unit follows from the objective's name.</summary>
internal static class Quantity
{
    private static readonly (double From, string Symbol)[] Counts = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")];

    private static readonly (double From, string Symbol)[] Bytes =
        [(1L << 40, "TiB"), (1L << 30, "GiB"), (1L << 20, "MiB"), (1L << 10, "KiB")];

    /// <summary>The unit in which a value of this size is shown.</summary>
    public static Scale ScaleFor(string objective, double largest)
    {
        var size = Math.Abs(largest);
        if (objective.EndsWith("_bytes", StringComparison.Ordinal))
        {
            return Largest(Bytes, size, "B");
        }

        if (IsCount(objective))
        {
            return Largest(Counts, size, "");
        }

        return objective.EndsWith("_ms", StringComparison.Ordinal) ? new Scale(1, "ms")
            : objective.EndsWith("_per_second", StringComparison.Ordinal) ? new Scale(1, "/s")
            : new Scale(1, "");
    }

    /// <summary>A value alone, to four significant digits.</summary>
    public static string Human(string objective, double value)
    {
        var scale = ScaleFor(objective, value);
        return Significant(value / scale.Divisor, IsWhole(objective, scale) ? 0 : 4) + scale.Suffix;
    }

    /// <summary>A value with its standard error, rounded where the error says the digits stop meaning anything.</summary>
    /// <param name="objective">Name of the objective.</param>
    /// <param name="value">The value.</param>
    /// <param name="plusMinus">The sign between value and error.</param>
    public static string WithError(string objective, ObjectiveValue value, string plusMinus = "±")
    {
        if (value.StandardError <= 0)
        {
            return Human(objective, value.Value);
        }

        var scale = ScaleFor(objective, value.Value);
        var error = value.StandardError / scale.Divisor;
        var decimals = Math.Clamp(1 - Exponent(error, 2), 0, 9);
        return $"{Fixed(value.Value / scale.Divisor, decimals)} {plusMinus} {Fixed(error, decimals)}{scale.Suffix}";
    }

    /// <summary>All digits of a count, with thousands apart: <c>212,416</c>.</summary>
    public static string Exact(double value) => value.ToString("#,0.##########", CultureInfo.InvariantCulture);

    /// <summary>Whether values are counts of something, so that all digits can be shown.</summary>
    public static bool IsCount(string objective) =>
        objective is "parameters" or "macs" or "tokens" || objective.StartsWith("macs_", StringComparison.Ordinal)
        || objective.EndsWith("_parameters", StringComparison.Ordinal);

    public static string Fixed(double value, int decimals) =>
        value.ToString("#,0." + new string('0', decimals), CultureInfo.InvariantCulture);

    /// <summary>A number to so many significant digits, trailing zeros kept; very large and small ones in scientific form.</summary>
    public static string Significant(double value, int digits)
    {
        if (digits == 0 || value == 0)
        {
            return Fixed(value, 0);
        }

        var exponent = Exponent(value, digits);
        return exponent is < -4 or > 7
            ? value.ToString("0." + new string('#', digits - 1) + "e+0", CultureInfo.InvariantCulture)
            : Fixed(value, Math.Max(0, digits - 1 - exponent));
    }

    /// <summary>A span of time in its two largest units: <c>8.4 s</c>, <c>3 min 05 s</c>, <c>2 h 10 min</c>, <c>4 d 03 h</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        var seconds = Math.Max(0, time.TotalSeconds);
        seconds = seconds < 59.95 ? seconds : Math.Round(seconds);
        FormattableString text = seconds switch
        {
            < 59.95 => $"{seconds:0.0} s",
            < 3600 => $"{(int)(seconds / 60)} min {(int)(seconds % 60):00} s",
            < 86400 => $"{(int)(seconds / 3600)} h {(int)(seconds % 3600 / 60):00} min",
            _ => $"{(int)(seconds / 86400)} d {(int)(seconds % 86400 / 3600):00} h",
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>An objective's name as words: <c>tokens_per_second</c> becomes <c>tokens per second</c>; the unit goes.</summary>
    public static string Words(string objective)
    {
        var name = objective.EndsWith("_bytes", StringComparison.Ordinal) ? objective[..^"_bytes".Length]
            : objective.EndsWith("_ms", StringComparison.Ordinal) ? objective[..^"_ms".Length]
            : objective;
        return name.Replace('_', ' ');
    }

    public static string Better(ObjectiveDirection direction) => direction == ObjectiveDirection.Minimise ? "lower is better" : "higher is better";

    // Of the rounded value: 0.99999 to four digits is 1.000, not 1.0000.
    private static int Exponent(double value, int digits)
    {
        var text = value.ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return int.Parse(text.AsSpan(text.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    private static bool IsWhole(string objective, Scale scale) =>
        scale.Divisor == 1 && (IsCount(objective) || objective.EndsWith("_bytes", StringComparison.Ordinal));

    private static Scale Largest((double From, string Symbol)[] units, double size, string plain)
    {
        foreach (var (from, symbol) in units)
        {
            // 999,950 shown to four digits would read 1,000 K.
            if (size >= from * 0.99995)
            {
                return new Scale(from, symbol);
            }
        }

        return new Scale(1, plain);
    }
}
