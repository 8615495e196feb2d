using System.Text.RegularExpressions;
using NasCluster.Testing;

namespace NasCluster.Cluster.Tests.Dashboards;

/// <summary>What Grafana and patience do in earnest, done for a run of minutes: variables are filled in, and what takes hours takes seconds.</summary>
internal static partial class Watching
{
    /// <summary>The namespace that scraped silos are said to be in.</summary>
    public const string Namespace = "tests";

    private const string RateInterval = "10s";

    /// <summary>How much shorter than in earnest each span is; a rate needs some scrapes, each of a second.</summary>
    private static readonly Dictionary<string, string> Spans = new() { ["1m"] = "10s", ["5m"] = "10s", ["15m"] = "60s", ["30m"] = "20s", ["1h"] = "20s" };

    public static string Folder { get; } = Path.Combine(SharedData.RepositoryRoot, "dashboards");

    /// <summary>The rules with short spans, told at once.</summary>
    public static string Rules { get; } = Shortened(File.ReadAllText(Path.Combine(Folder, "rules", "nascluster.yaml")));

    /// <summary>An expression of a dashboard for everything there is, with short spans.</summary>
    public static string Filled(string expression) => Shortened(expression
        .Replace("$__rate_interval", RateInterval, StringComparison.Ordinal)
        .Replace("$namespace", Namespace, StringComparison.Ordinal)
        .Replace("$search", ".*", StringComparison.Ordinal)
        .Replace("$evaluator", ".*", StringComparison.Ordinal)
        .Replace("$objective", ".*", StringComparison.Ordinal));

    private static string Shortened(string text) =>
        For().Replace(Span().Replace(text, m => m.Groups["before"].Value + (Spans.GetValueOrDefault(m.Groups["span"].Value) ?? m.Groups["span"].Value)), "for: 1s");

    [GeneratedRegex(@"(?<before>\[|\boffset )(?<span>[0-9]+[smh])")]
    private static partial Regex Span();

    [GeneratedRegex(@"\bfor: [0-9]+[smh]")]
    private static partial Regex For();
}
