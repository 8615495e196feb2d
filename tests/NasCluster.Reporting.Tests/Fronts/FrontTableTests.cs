using NasCluster.Reporting.Fronts;

namespace NasCluster.Reporting.Tests.Fronts;

public class FrontTableTests
{
    [Fact]
    public void Write_SmallReport_MatchesGolden() => Golden.Matches("small-table.txt", Render(Reports.Small));

    private static string Render(FrontReport report, FrontWriterOptions? options = null)
    {
        var writer = new StringWriter();
        FrontWriter.Write(report, FrontFormat.Table, writer, options);
        return writer.ToString();
    }
}
