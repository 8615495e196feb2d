namespace NasCluster.Reporting.Plots;

/// <summary>Colours and type of the charts, light and dark. Blue against grey also reads without colour vision.</summary>
internal static class SvgStyle
{
    // Written out instead of custom properties, which converters such as librsvg do not resolve.
    public const string Sheet =
        """
        .nas text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","DejaVu Sans",Arial,sans-serif;fill:#1c2733}
        .nas .card{fill:#fff;stroke:#e3e7ec}
        .nas .title{font-size:19px;font-weight:600}
        .nas .heading{font-size:14px;font-weight:600}
        .nas .note{font-size:12.5px;fill:#5c6b7a}
        .nas .axis{font-size:12.5px;fill:#3b4957}
        .nas .tick{font-size:11.5px;fill:#5c6b7a;font-variant-numeric:tabular-nums}
        .nas .value{font-size:13px;font-weight:600;fill:#0b62c4}
        .nas .grid{stroke:#e9edf1;stroke-width:1}
        .nas .floor{stroke:#b6c0ca;stroke-width:1}
        .nas .other{fill:#8794a1;fill-opacity:.42}
        .nas .area{fill:#0b62c4;fill-opacity:.06}
        .nas .stair{fill:none;stroke:#0b62c4;stroke-width:1.5;stroke-opacity:.45;stroke-linejoin:round}
        .nas .bar{stroke:#0b62c4;stroke-width:1.5;stroke-opacity:.7;stroke-linecap:round}
        .nas .front{fill:#0b62c4;stroke:#fff;stroke-width:1.5}
        .nas .noise{fill:#fff;stroke:#0b62c4;stroke-width:2}
        .nas .whole{fill:none;stroke:#d9480f;stroke-width:2}
        .nas .history{fill:none;stroke:#0b62c4;stroke-width:2;stroke-linejoin:round}
        @media (prefers-color-scheme:dark){
        .nas text{fill:#e8edf2}
        .nas .card{fill:#11171e;stroke:#263039}
        .nas .note,.nas .tick{fill:#94a3b2}
        .nas .axis{fill:#c3ced8}
        .nas .value{fill:#6cb6ff}
        .nas .grid{stroke:#222b34}
        .nas .floor{stroke:#4b5966}
        .nas .other{fill:#8b99a7;fill-opacity:.4}
        .nas .area{fill:#6cb6ff;fill-opacity:.08}
        .nas .stair,.nas .bar,.nas .history{stroke:#6cb6ff}
        .nas .front{fill:#6cb6ff;stroke:#11171e}
        .nas .noise{fill:#11171e;stroke:#6cb6ff}
        .nas .whole{stroke:#ff922b}
        }
        """;
}
