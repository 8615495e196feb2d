using System.Text.Json;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
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
    public void Write_Architecture_IsReadBackAsTheSame()
    {
        var network = new LlamaConfiguration
        {
            VocabularySize = 32,
            HiddenSize = 16,
            HeadSize = 4,
            QueryHeadsPerKvHead = 1,
            Layers = [.. Enumerable.Repeat(new LlamaLayerShape(4, 8), 5)],
            MaximumPositions = 64,
            NormEpsilon = 1e-5f,
            RopeTheta = 10_000,
            TiedEmbeddings = true,
        };
        var architecture = new Architecture([new LayerArchitecture(3, ChannelSelection.Leading(2), ChannelSelection.Set([0, 2, 5]))]);
        var written = Parse(Reports.Small with { Rows = [Reports.Small.Rows[0] with { Architecture = architecture }] }).GetProperty("front")[0].GetProperty("architecture");
        Assert.Equal("""{"layers":[{"layer":3,"kv_groups":2,"mlp_channels":[0,2,5]}]}""", JsonSerializer.Serialize(written));
        Assert.Equal(architecture, ArchitectureJson.Read(written.GetRawText(), network));
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
