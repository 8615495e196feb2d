using System.Runtime.CompilerServices;
using System.Text;
using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Pipeline.Prepared;
using NasCluster.Testing;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Pipeline.Tests.Prepared;

public sealed class PreparedSearchJsonTests(ITestOutputHelper output)
{
    private static readonly SearchSpec Spec = new()
    {
        Model = "model",
        Data = new() { Text = "text", Tasks = [new("quiz", "quiz")] },
        Objectives = ["perplexity", "quiz", "parameters"],
    };

    [Fact]
    public void FromJson_WhatWasWritten_IsTheSame()
    {
        var json = Search().ToJson();

        var read = PreparedSearch.FromJson(json, _ => Spec);

        Assert.Equal(json, read.ToJson());
        Assert.Equal("model: \"é\"\n", read.Specification);
        Assert.Equal(Search().Network, read.Network);
        Assert.Equal(Search().Search, read.Search);
        Assert.Equal(Search().Report, read.Report);
        Assert.Equal(Search().Provenance, read.Provenance);
        Assert.DoesNotContain('\n', json);
    }

    [Fact]
    public void FromJson_FileOfSchema1_IsReadForEver()
    {
        var golden = Golden();

        // The last line holds while searches without stages are written as schema 1.
        Assert.Equal(Search().ToJson(), PreparedSearch.FromJson(golden, _ => Spec).ToJson());
        Assert.Equal(golden, Search().ToJson());
    }

    [Fact]
    public void FromJson_FileOfSchema2_IsReadForEver()
    {
        var golden = Golden("prepared-search-2.json");

        var read = PreparedSearch.FromJson(golden, _ => StagedSpec);

        // The last line holds while searches with stages are written as schema 2.
        Assert.Equal(Staged().Stages, read.Stages);
        Assert.Equal((SearchStage.PolicyGradient, Hash('9')), (read.NextStage, read.Scores));
        Assert.Equal(golden, Staged().ToJson());
    }

    [Fact]
    public void FromJson_WithALatencyTable_IsTheSameAndPredictsTheSame()
    {
        var json = Predicting().ToJson();

        var read = PreparedSearch.FromJson(json, _ => PredictingSpec);

        Assert.StartsWith("{\"schema\":3,", json, StringComparison.Ordinal);
        Assert.Equal(json, read.ToJson());
        Assert.Equal(Predicting().Plan.Table!.Fingerprint, read.Plan.Table!.Fingerprint);
        Assert.Equal(Predicting().KeyOf(read.Plan.WholeGenome), read.KeyOf(read.Plan.WholeGenome));
        Assert.False(read.IsMeasured);
        Assert.False(read.Plan.NeedsDeviceAlone);
    }

    [Theory]
    [InlineData("\"latency_table\":", "\"another\":", "its specification needs a latency table, and there is none")]
    [InlineData("a clock", "a watch", "its provenance is of another latency table")]
    [InlineData("\\u0022threads\\u0022: 1", "\\u0022threads\\u0022: 0", "device.threads is 0")]
    public void FromJson_LatencyTableMissingOrAnother_IsRefused(string from, string to, string message)
    {
        var json = Predicting().ToJson();
        var damaged = json.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(json, damaged);
        Assert.Contains(message, Assert.Throws<NasClusterException>(() => PreparedSearch.FromJson(damaged, _ => PredictingSpec)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"done\":[", "\"done\":{},\"x\":[", "The prepared search is damaged: done must be a list.")]
    [InlineData("\"stage\":\"importance\"", "\"stage\":\"magic\"", "The prepared search is damaged: stage must be one of importance, policy_gradient, pruned.")]
    [InlineData(
        "\"stage\":\"importance\"", "\"stage\":\"pruned\"",
        "The prepared search contradicts itself: the stages done are pruned; its specification asks for importance, policy_gradient, in this order.")]
    [InlineData("\"calibration\":", "\"another\":", "The prepared search contradicts itself: its specification needs a text for calibration.")]
    [InlineData("\"policy_gradient\":", "\"another\":", "The prepared search contradicts itself: its specification needs a text for policy_gradient.")]
    public void FromJson_StagesDamaged_IsRefusedByName(string from, string to, string message)
    {
        var json = Staged().ToJson();
        var damaged = json.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(json, damaged);

        Assert.Equal(message, Assert.Throws<NasClusterException>(() => PreparedSearch.FromJson(damaged, _ => StagedSpec)).Message);
    }

    [Fact]
    public void FromJson_StagesThatNobodyAskedFor_AreRefused() => Assert.StartsWith(
        "The prepared search contradicts itself: its specification has no use for a text for calibration.",
        Assert.Throws<NasClusterException>(() => PreparedSearch.FromJson(Staged().ToJson(), _ => Spec)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("\"schema\":1", "\"schema\":4", "The prepared search has schema 4; this version reads up to 3. Use a newer version, or start the search anew.")]
    [InlineData("\"schema\":1,", "", "The prepared search has no schema where one must be.")]
    [InlineData("\"device\":\"cpu\"", "\"device\":1", "The prepared search is damaged: device must be a text.")]
    [InlineData("\"precision\":\"float32\"", "\"precision\":\"float16\"", "The prepared search contradicts itself: its provenance does not say of engine.precision what it is.")]
    [InlineData("\"tasks\":[", "\"tasks\":{},\"x\":[", "The prepared search is damaged: tasks must be a list.")]
    [InlineData("\"name\":\"quiz\"", "\"name\":\"\\ud800\"", "The prepared search is damaged: a text in it is not Unicode.")]
    [InlineData("\"schema\":1,", "\"schema\":1", "The prepared search is not JSON at line 1, byte 12.")]
    public void FromJson_Damaged_IsRefusedByName(string from, string to, string message)
    {
        var json = Search().ToJson();
        var damaged = json.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(json, damaged);

        Assert.Equal(message, Assert.Throws<NasClusterException>(() => PreparedSearch.FromJson(damaged, _ => Spec)).Message);
    }

    [Theory]
    [InlineData("../../another")]
    [InlineData("")]
    [InlineData("ABCDEF0000000000000000000000000000000000000000000000000000000000")]
    public void FromJson_ContentThatIsNoHash_IsRefused(string content)
    {
        var damaged = Search().ToJson().Replace(Hash('1'), content, StringComparison.Ordinal);

        Assert.Equal(
            "The prepared search is damaged: content must be 64 lower-case hexadecimal digits.",
            Assert.Throws<NasClusterException>(() => PreparedSearch.FromJson(damaged, _ => Spec)).Message);
    }

    /// <summary>3,000 damaged texts; NASCLUSTER_FUZZ=100000 tries that many.</summary>
    [Fact]
    public void FromJson_Fuzzed_IsReadOrRefusedInOneLine()
    {
        var options = new FuzzOptions { Words = ["\"schema\":", "\"network\":", "\"tasks\":", "\"report\":", "null", "\\ud800", "{", "[", "-1", "1e999", "\"layers\":null"] };
        output.WriteLine(Fuzzer.Run(
            [Encoding.UTF8.GetBytes(Search().ToJson()), Encoding.UTF8.GetBytes(Staged().ToJson()), Encoding.UTF8.GetBytes(Predicting().ToJson())],
            bytes => PreparedSearch.FromJson(
                Encoding.UTF8.GetString(bytes),
                text => text.Contains("stages", StringComparison.Ordinal) ? StagedSpec : text.Contains("predicting", StringComparison.Ordinal) ? PredictingSpec : Spec),
            options).ToString());
    }

    private static SearchSpec PredictingSpec => Spec with { Objectives = ["perplexity", "decode_ms"], Measurement = new() { Table = "table" } };

    private static PreparedSearch Predicting()
    {
        var search = Search();
        var table = GivenTable.Of(PredictingSpec, search.Network.Configuration) with { Device = new("cpu-1", "float32", "cpu", "a clock", 1) };
        return new PreparedSearch(
            PredictingSpec, "predicting\n", search.Network, search.Search, search.Report, search.Provenance.Add(ProvenanceNames.LatencyTable, table.Fingerprint), table: table);
    }

    private static SearchSpec StagedSpec => Spec with
    {
        Data = Spec.Data with { CalibrationShare = 0.3 },
        Pruning = new PruningSpec { Keep = 0.8, Importance = ImportanceName.Wanda, PolicyGradient = new PolicyGradientSpec { Steps = 5 } },
    };

    /// <summary>A search of two stages, the first of which has ended.</summary>
    private static PreparedSearch Staged()
    {
        var search = Search();
        var stages = new StageInputs(
            new PreparedPart(Hash('7'), new EvaluationSetsIdentity(Hash('8'), [])),
            new PreparedPart(Hash('a'), new EvaluationSetsIdentity(Hash('b'), [])),
            [new StageContent(SearchStage.Importance, Hash('9'))]);
        return new PreparedSearch(StagedSpec, "of stages\n", search.Network, search.Search, search.Report, search.Provenance, stages);
    }

    private static PreparedSearch Search()
    {
        var configuration = RandomCheckpoint.Configuration(layers: 4, hidden: 32, headSize: 8, kvHeads: 2, queryHeadsPerKvHead: 2, intermediate: 48, vocabulary: 300);
        var network = new SuperNetworkInfo(configuration, "weights", "float32", "cpu", "cpu-1");
        var search = new PreparedPart(Hash('1'), new EvaluationSetsIdentity(Hash('2'), [new("quiz", Hash('3'))]));
        var report = new PreparedPart(Hash('4'), new EvaluationSetsIdentity(Hash('5'), [new("quiz", Hash('6'))]));
        var provenance = SearchProvenance.Deciding(network, search.Sets, report.Sets)
            .Add(ProvenanceNames.TokenizerFingerprint, "letters").Add(ProvenanceNames.DataTruncated("search", "quiz"), "1 of 3 questions");
        return new PreparedSearch(Spec, "model: \"é\"\n", network, search, report, provenance);
    }

    private static string Hash(char digit) => new(digit, 64);

    private static string Golden(string name = "prepared-search-1.json", [CallerFilePath] string path = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "..", "Golden", name)).TrimEnd('\n');
}
