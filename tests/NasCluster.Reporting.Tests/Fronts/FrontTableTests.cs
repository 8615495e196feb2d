using NasCluster.Reporting.Fronts;

namespace NasCluster.Reporting.Tests.Fronts;

public class FrontTableTests
{
    [Fact]
    public void Write_SmallReport_MatchesGolden() => Golden.Matches("small-table.txt", Render(Reports.Small));

    [Fact]
    public void Write_ReportSetAndAscii_MatchesGolden()
    {
        var report = Reports.Small with
        {
            Rows = [.. Reports.Small.Rows.Select(r => r.Trial.Value == 2 ? r : r with { ReportValues = [new(r.Values[0].Value + 0.125, 0.05), r.Values[1]] })],
        };
        var text = Render(report, new FrontWriterOptions { Unicode = false });
        Golden.Matches("report-set-table-ascii.txt", text);
        Assert.All(text, c => Assert.InRange(c, '\n', '~'));
    }

    [Fact]
    public void Write_Ansi_OnlyWhenAsked()
    {
        Assert.DoesNotContain('\u001b', Render(Reports.Small));
        Assert.Contains('\u001b', Render(Reports.Small, new FrontWriterOptions { Ansi = true }));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void Write_Width_IsRespected(int width) => Assert.All(
        Render(Reports.Large, new FrontWriterOptions { Width = width }).Split('\n'), line => Assert.True(line.Length <= width, line));

    [Fact]
    public void Write_BracketsInNames_AreNoMarkup() =>
        Assert.StartsWith("[red]x[/] ", Render(Reports.Small with { Model = "[red]x[/]" }), StringComparison.Ordinal);

    [Fact]
    public void Write_EmptyFront_SaysSo() =>
        Assert.Contains("0 on the front", Render(Reports.Small with { Rows = [] }), StringComparison.Ordinal);

    private static string Render(FrontReport report, FrontWriterOptions? options = null) => FrontWriterTests.Render(report, FrontFormat.Table, options);
}
