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

        // The last line holds while schema 1 is the one written.
        Assert.Equal(Search().ToJson(), PreparedSearch.FromJson(golden, _ => Spec).ToJson());
        Assert.Equal(golden, Search().ToJson());
    }

    [Theory]
    [InlineData("\"schema\":1", "\"schema\":2", "The prepared search has schema 2; this version reads up to 1. Use a newer version, or start the search anew.")]
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
            [Encoding.UTF8.GetBytes(Search().ToJson())],
            bytes => PreparedSearch.FromJson(Encoding.UTF8.GetString(bytes), _ => Spec),
            options).ToString());
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

    private static string Golden([CallerFilePath] string path = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "..", "Golden", "prepared-search-1.json")).TrimEnd('\n');
}
