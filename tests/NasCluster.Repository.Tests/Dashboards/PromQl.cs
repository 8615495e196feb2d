using System.Text.RegularExpressions;

namespace NasCluster.Repository.Tests.Dashboards;

/// <summary>Just enough of Prometheus' query language to tell the series an expression reads from its functions, labels and keywords.</summary>
internal static partial class PromQl
{
    private static readonly HashSet<string> Keywords =
        ["and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "group_left", "group_right", "inf", "nan"];

    /// <summary>Names of the series that an expression reads.</summary>
    public static IReadOnlySet<string> Series(string expression) =>
        Identifier().Matches(WithoutLabels(expression)).Where(m => !m.Groups["call"].Success).Select(m => m.Groups["name"].Value)
            .Where(name => !Keywords.Contains(name.ToLowerInvariant())).ToHashSet();

    // Strings first: they may hold anything. Then what stands in braces, after a grouping word, and in brackets.
    private static string WithoutLabels(string expression) => Durations().Replace(Grouping().Replace(Matchers().Replace(Strings().Replace(expression, "''"), " "), " "), " ");

    [GeneratedRegex("""'(\\.|[^'\\])*'|"(\\.|[^"\\])*"|`[^`]*`""")]
    private static partial Regex Strings();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Matchers();

    [GeneratedRegex(@"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", RegexOptions.IgnoreCase)]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\[[^\]]*\]|\b[0-9][0-9a-z.]*\b")]
    private static partial Regex Durations();

    [GeneratedRegex(@"(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<call>\s*\()?")]
    private static partial Regex Identifier();
}
