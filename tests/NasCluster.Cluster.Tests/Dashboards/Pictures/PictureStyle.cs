namespace NasCluster.Cluster.Tests.Dashboards.Pictures;

/// <summary>What dashboards add to the style of all our charts.</summary>
internal static class PictureStyle
{
    /// <summary>How many colours series have before they come again.</summary>
    public const int Colors = 8;

    private static readonly string[] Light = ["#2f7d32", "#b8860b", "#0b62c4", "#d9480f", "#c2255c", "#5f3dc4", "#0b7285", "#6b7684"];
    private static readonly string[] Dark = ["#69c06d", "#f2cc0c", "#6cb6ff", "#ff922b", "#f783ac", "#b197fc", "#3bc9db", "#aab4bf"];

    public static string Sheet { get; } = string.Join('\n',
    [
        ".nas .line{fill:none;stroke-width:1.75;stroke-linejoin:round}",
        ".nas .fill{fill-opacity:.3;stroke:none}",
        ".nas .limit{stroke:#c92a2a;stroke-width:1.25;stroke-dasharray:6 4}",
        ".nas .mark{stroke:#c92a2a;stroke-width:1;stroke-dasharray:2 2}",
        ".nas .big{font-size:26px;font-weight:600}",
        ".nas .small{font-size:11px;fill:#5c6b7a}",
        ".nas .row{font-size:15px;font-weight:600}",
        ".nas .cell{fill:#0b62c4}",
        .. Rules(Light),
        ".nas .green{fill:#2f7d32}.nas .yellow{fill:#b8860b}.nas .red{fill:#c92a2a}.nas .blue{fill:#0b62c4}",
        "@media (prefers-color-scheme:dark){",
        ".nas .small{fill:#94a3b2}",
        ".nas .cell{fill:#6cb6ff}",
        ".nas .limit,.nas .mark{stroke:#ff6b6b}",
        .. Rules(Dark),
        ".nas .green{fill:#69c06d}.nas .yellow{fill:#f2cc0c}.nas .red{fill:#ff6b6b}.nas .blue{fill:#6cb6ff}",
        "}",
    ]);

    private static IEnumerable<string> Rules(string[] colors) => colors.Select((c, i) => $".nas .line.c{i}{{stroke:{c}}}.nas .fill.c{i},.nas .key.c{i}{{fill:{c}}}");
}
