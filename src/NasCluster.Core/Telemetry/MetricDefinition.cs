using System.Collections.Immutable;

namespace NasCluster.Core.Telemetry;

/// <summary>What a metric is.</summary>
/// <param name="Name">Its name, of <see cref="MetricNames"/>.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Unit">Its unit as UCUM has it; what is counted stands in braces.</param>
/// <param name="Description">What it says, in a sentence.</param>
/// <param name="Tags">The tags of every value, of <see cref="MetricTags"/>.</param>
/// <param name="Boundaries">Upper bounds of a histogram's ranges, in its unit; empty for the other kinds.</param>
public sealed record MetricDefinition(
    string Name, MetricKind Kind, string Unit, string Description, ImmutableArray<string> Tags, ImmutableArray<double> Boundaries)
{
    internal MetricDefinition(string name, MetricKind kind, string unit, string description, params ImmutableArray<string> tags)
        : this(name, kind, unit, description, tags, [])
    {
    }

    /// <summary>Its name in Prometheus; the series of a histogram add <c>_bucket</c>, <c>_sum</c> and <c>_count</c>.</summary>
    public string PrometheusName => Name.Replace('.', '_') + Unit switch
    {
        "s" => "_seconds",
        "By" => "_bytes",
        _ => "", // What is counted is no unit there.
    } + (Kind == MetricKind.Counter ? "_total" : "");
}
