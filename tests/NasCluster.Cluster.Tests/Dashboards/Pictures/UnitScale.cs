using System.Globalization;

namespace NasCluster.Cluster.Tests.Dashboards.Pictures;

/// <summary>How numbers of one of Grafana's units are written: what they are divided by, and what stands behind them.</summary>
internal readonly record struct UnitScale(double Divisor, string Suffix)
{
    private const string Own = "suffix:";

    /// <summary>The scale for numbers of which this is the largest.</summary>
    /// <exception cref="NotSupportedException">The unit is none that is known here.</exception>
    public static UnitScale For(string unit, double largest)
    {
        var size = Math.Abs(largest);
        return unit switch
        {
            "none" => new(1, ""),
            "short" => size >= 1e9 ? new(1e9, " B") : size >= 1e6 ? new(1e6, " M") : size >= 1e4 ? new(1e3, " K") : new(1, ""),
            "percentunit" => new(0.01, " %"),
            "bytes" => size >= 1 << 30 ? new(1 << 30, " GiB") : size >= 1 << 20 ? new(1 << 20, " MiB") : size >= 1 << 10 ? new(1 << 10, " KiB") : new(1, " B"),
            "s" => size >= 7200 ? new(3600, " h") : size >= 120 ? new(60, " min") : size >= 1 ? new(1, " s") : new(0.001, " ms"),
            "ms" => new(1, " ms"),
            _ when unit.StartsWith(Own, StringComparison.Ordinal) => new(1, unit[Own.Length..] is [' ', '/', ..] ? unit[Own.Length..].TrimStart() : unit[Own.Length..]),
            _ => throw new NotSupportedException($"The unit '{unit}' cannot be drawn."),
        };
    }

    /// <summary>A number alone, in a scale of its own.</summary>
    public static string Text(string unit, double value, int? decimals) => For(unit, value).Text(value, decimals);

    /// <summary>A number in this scale, to three significant digits unless the panel says how many decimals.</summary>
    public string Text(double value, int? decimals = null)
    {
        var scaled = value / Divisor;
        var shown = decimals ?? (scaled == Math.Round(scaled) ? 0 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(scaled))), 0, 4));
        var text = scaled.ToString($"N{shown}", CultureInfo.InvariantCulture);
        return (decimals is null && text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text) + Suffix;
    }
}
