using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>What a silo serves to Prometheus, read as strictly as Prometheus reads it.</summary>
internal sealed partial class Exposition
{
    private Exposition(ImmutableDictionary<string, string> types, ImmutableArray<MetricSample> samples)
    {
        Types = types;
        Samples = samples;
    }

    /// <summary>The type of each metric, by name.</summary>
    public ImmutableDictionary<string, string> Types { get; }

    /// <summary>All series with their values.</summary>
    public ImmutableArray<MetricSample> Samples { get; }

    public static Exposition Parse(string text)
    {
        var types = ImmutableDictionary.CreateBuilder<string, string>();
        var samples = new Dictionary<string, MetricSample>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l != "# EOF"))
        {
            if (Type().Match(line) is { Success: true } type)
            {
                types.Add(type.Groups["name"].Value, type.Groups["type"].Value);
            }
            else if (!Comment().IsMatch(line))
            {
                var sample = Parse(line, Series().Match(line));
                Assert.True(types.ContainsKey(FamilyOf(sample.Name, types)), $"No type was given before: {line}");
                samples.Add($"{sample.Name} {string.Join(',', sample.Labels)}", sample); // Twice the same series is refused.
            }
        }

        return new Exposition(types.ToImmutable(), [.. samples.Values]);
    }

    /// <summary>The series of a name whose labels have those values, whatever others they have.</summary>
    public IEnumerable<MetricSample> Of(string name, params (string Label, string Value)[] labels) =>
        Samples.Where(s => s.Name == name && labels.All(l => s.Labels.GetValueOrDefault(l.Label) == l.Value));

    /// <summary>The value of the only such series; null when there is none.</summary>
    public double? Value(string name, params (string Label, string Value)[] labels) => Of(name, labels).SingleOrDefault()?.Value;

    /// <summary>The sum of all such series.</summary>
    public double Sum(string name, params (string Label, string Value)[] labels) => Of(name, labels).Sum(s => s.Value);

    private static MetricSample Parse(string line, Match match)
    {
        Assert.True(match.Success, $"This is no series: {line}");
        var labels = Label().Matches(match.Groups["labels"].Value);
        Assert.Equal(match.Groups["labels"].Length, labels.Sum(l => l.Length));
        var value = match.Groups["value"].Value;
        return new MetricSample(
            match.Groups["name"].Value,
            labels.ToImmutableSortedDictionary(l => l.Groups["name"].Value, l => Regex.Unescape(l.Groups["value"].Value), StringComparer.Ordinal),
            value == "+Inf" ? double.PositiveInfinity : double.Parse(value, CultureInfo.InvariantCulture));
    }

    private static string FamilyOf(string series, ImmutableDictionary<string, string>.Builder types) =>
        ((string[])["_bucket", "_sum", "_count"]).Where(end => series.EndsWith(end, StringComparison.Ordinal)).Select(end => series[..^end.Length])
            .FirstOrDefault(family => types.GetValueOrDefault(family) == "histogram") ?? series;

    [GeneratedRegex("^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex("^# (HELP|UNIT) ")]
    private static partial Regex Comment();

    [GeneratedRegex("^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)({(?<labels>.*)})? (?<value>[^ ]+)( [0-9]+)?$")]
    private static partial Regex Series();

    [GeneratedRegex("(?<name>[a-zA-Z_][a-zA-Z0-9_]*)=\"(?<value>([^\"\\\\]|\\\\.)*)\",?")]
    private static partial Regex Label();
}

/// <summary>A series and its value.</summary>
internal sealed record MetricSample(string Name, ImmutableSortedDictionary<string, string> Labels, double Value);
