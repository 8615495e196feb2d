using NasCluster.Reporting.Plots;

namespace NasCluster.Reporting.Tests.Plots;

public class FrontPlotTests
{
    [Fact]
    public void Render_Braille_MatchesGolden() => Golden.Matches("large-plot.txt", FrontPlot.Render(Reports.Large.Objectives, Reports.Large.Points));

    [Fact]
    public void Render_Ascii_MatchesGolden() => Golden.Matches(
        "large-plot-ascii.txt", FrontPlot.Render(Reports.Large.Objectives, Reports.Large.Points, new FrontPlotOptions { Unicode = false }));
}
