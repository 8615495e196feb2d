using System.Text.Json;
using NasCluster.Core.Architectures;
using NasCluster.Reporting.Fronts;

namespace NasCluster.Reporting.Tests.Fronts;

public class FrontJsonTests
{
    [Fact]
    public void Write_SmallReport_MatchesGolden() =>
        Golden.Matches("small.json", FrontWriterTests.Render(Reports.Small, FrontFormat.Json, new FrontWriterOptions { AllTrials = true }));

    [Fact]
    public void Write_Doubles_ReadBackToTheSameBits()
    {
        var random = new Random(12);
        var rows = Enumerable.Range(0, 500).Select(i => Reports.Row(i, BitConverter.Int64BitsToDouble(random.NextInt64() & 0x7FEF_FFFF_FFFF_FFFF), 0, i, true)).ToArray();
        var read = Parse(Reports.Small with { Rows = [.. rows], Baseline = null }).GetProperty("front").EnumerateArray()
            .ToDictionary(r => r.GetProperty("trial").GetInt64(), r => r.GetProperty("values").GetProperty("perplexity").GetProperty("value").GetDouble());
        Assert.All(rows, row => Assert.Equal(BitConverter.DoubleToInt64Bits(row.Values[0].Value), BitConverter.DoubleToInt64Bits(read[row.Trial.Value])));
    }

    [Fact]
    public void Write_ExplicitChannels_AreListedAndLeadingOnesCounted()
    {
        var architecture = new Architecture([new LayerArchitecture(3, ChannelSelection.Leading(2), ChannelSelection.Set([0, 2, 5]))]);
        var row = Reports.Small.Rows[0] with { Architecture = architecture };
        var layer = Parse(Reports.Small with { Rows = [row] }).GetProperty("front")[0].GetProperty("architecture").GetProperty("layers")[0];
        Assert.Equal("""{"source_layer":3,"kv_groups":2,"mlp_channels":[0,2,5]}""", JsonSerializer.Serialize(layer));
    }

    [Fact]
    public void Write_UnknownFigures_AreNull()
    {
        var json = Parse(Reports.Small with { Hypervolume = null, Baseline = null });
        Assert.Equal(JsonValueKind.Null, json.GetProperty("hypervolume").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("baseline").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("front")[0].GetProperty("report_values").ValueKind);
        Assert.False(json.TryGetProperty("others", out _));
    }

    private static JsonElement Parse(FrontReport report) => JsonDocument.Parse(FrontWriterTests.Render(report, FrontFormat.Json)).RootElement;
}
