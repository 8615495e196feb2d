using System.Xml.Linq;
using NasCluster.Reporting.Fronts;
using NasCluster.Reporting.Plots;

namespace NasCluster.Reporting.Tests.Plots;

public class SvgPlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Write_SmallReport_MatchesGolden() => Golden.Matches("small.svg", Render(Reports.Small));

    private static string Render(FrontReport report, string? across = null, string? up = null)
    {
        var writer = new StringWriter();
        SvgPlot.Write(report, writer, across, up);
        return writer.ToString();
    }
}
