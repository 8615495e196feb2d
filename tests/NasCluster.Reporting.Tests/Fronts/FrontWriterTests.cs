using NasCluster.Reporting.Fronts;

namespace NasCluster.Reporting.Tests.Fronts;

public class FrontWriterTests
{
    [Theory]
    [InlineData(FrontFormat.Table)]
    [InlineData(FrontFormat.Json)]
    [InlineData(FrontFormat.Csv)]
    public void Write_OtherCulture_ChangesNothing(FrontFormat format) =>
        Assert.Equal(Render(Reports.Large, format), Cultures.WithComma(() => Render(Reports.Large, format)));

    [Theory]
    [InlineData(FrontFormat.Table)]
    [InlineData(FrontFormat.Json)]
    [InlineData(FrontFormat.Csv)]
    public void Write_RowsInAnotherOrder_ChangesNothing(FrontFormat format)
    {
        var shuffled = Reports.Large.Rows.ToArray();
        new Random(1).Shuffle(shuffled);
        var all = new FrontWriterOptions { AllTrials = true };
        Assert.Equal(Render(Reports.Large, format, all), Render(Reports.Large with { Rows = [.. shuffled] }, format, all));
    }

    [Theory]
    [InlineData(FrontFormat.Table)]
    [InlineData(FrontFormat.Json)]
    [InlineData(FrontFormat.Csv)]
    public void Write_RowOfWrongLength_IsRefusedBeforeAnythingIsWritten(FrontFormat format)
    {
        var writer = new StringWriter();
        var report = Reports.Small with { Rows = [.. Reports.Small.Rows.Select(r => r with { Values = r.Values[..1] })] };
        var error = Assert.Throws<ArgumentException>(() => FrontWriter.Write(report, format, writer));
        Assert.Equal("Trial 7 has not one value for each of 2 objectives.", error.Message);
        Assert.Empty(writer.ToString());
    }

    internal static string Render(FrontReport report, FrontFormat format, FrontWriterOptions? options = null)
    {
        var writer = new StringWriter();
        FrontWriter.Write(report, format, writer, options);
        return writer.ToString();
    }
}
