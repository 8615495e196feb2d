using System.Globalization;
using NasCluster.Reporting.Fronts;

namespace NasCluster.Reporting.Tests.Fronts;

public class FrontCsvTests
{
    [Fact]
    public void Write_SmallReport_IsTheDocumentedText() => Assert.Equal(
        "trial,on_front,genome,architecture,perplexity,perplexity_standard_error,parameters,parameters_standard_error,within_noise\r\n"
        + "7,true,172-172-172-172-172,0:4/172 1:4/172 2:4/172 3:4/172 4:4/172,3.2,0.04,212416,0,perplexity\r\n"
        + "2,true,172-128-128-172-172,0:4/172 1:4/128 2:4/128 3:4/172 4:4/172,3.25,0.04,190000,0,perplexity\r\n"
        + "11,true,64-64-64,0:4/64 1:4/64 2:4/64,4.5,0.06,101000,0,\r\n",
        Render(Reports.Small));

    [Fact]
    public void Write_QuotesCommasAndBreaks_AreQuoted()
    {
        var row = Reports.Row(1, 1, 0, 2, true) with { Genome = "a,\"b\"\r\nc" };
        Assert.Contains("\r\n1,true,\"a,\"\"b\"\"\r\nc\",,1,0,2,0,\r\n", Render(Reports.Small with { Rows = [row] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Doubles_ReadBackToTheSameBits()
    {
        var random = new Random(11);
        var rows = Enumerable.Range(0, 500).Select(i => Reports.Row(i, BitConverter.Int64BitsToDouble(random.NextInt64() & 0x7FEF_FFFF_FFFF_FFFF), 0, i, true)).ToArray();
        var read = Render(Reports.Small with { Rows = [.. rows], Baseline = null }).Split("\r\n")[1..^1]
            .Select(line => line.Split(','))
            .ToDictionary(f => long.Parse(f[0], CultureInfo.InvariantCulture), f => double.Parse(f[4], CultureInfo.InvariantCulture));
        Assert.All(rows, row => Assert.Equal(BitConverter.DoubleToInt64Bits(row.Values[0].Value), BitConverter.DoubleToInt64Bits(read[row.Trial.Value])));
    }

    [Fact]
    public void Write_ReportValuesAndOthers_FillTheirColumns()
    {
        var report = Reports.Small with { Rows = Reports.Small.Rows.SetItem(0, Reports.Small.Rows[0] with { ReportValues = [new(3.5, 0.1), new(212_416, 0)] }) };
        var lines = Render(report, new FrontWriterOptions { AllTrials = true }).Split("\r\n");
        Assert.Equal(7, lines.Length);
        Assert.All(lines[..^1], line => Assert.Equal(12, line.Count(c => c == ',')));
        Assert.EndsWith(",3.5,0.1,212416,0,perplexity", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",,,,,", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("0,false,", lines[4], StringComparison.Ordinal);
    }

    private static string Render(FrontReport report, FrontWriterOptions? options = null) => FrontWriterTests.Render(report, FrontFormat.Csv, options);
}
