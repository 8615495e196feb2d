using System.Text;
using NasCluster.Core;
using NasCluster.Pipeline.Training;
using NasCluster.Testing;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Pipeline.Tests.Training;

public sealed class AlpacaFileTests(ITestOutputHelper output)
{
    private const string Good = """{"instruction":"Add.","input":"1 2","output":"3"}""";
    private const string NoInput = """{"output":"Hi!\n","id":7,"input":"","instruction":"Greet \u00e9."}""";

    [Fact]
    public void Parse_Array_ReadsRowsInOrder() => Assert.Equal(
        [new("f, row 1", "Add.", "1 2", "3"), new("f, row 2", "Greet é.", "", "Hi!\n")],
        AlpacaFile.Parse($" \n[\n{Good},\n{NoInput}\n]\n", "f").ToArray());

    [Fact]
    public void Parse_Lines_ReadsRowsWithTheirLines() => Assert.Equal(
        [new("f(2)", "Add.", "1 2", "3"), new("f(4)", "Greet é.", "", "Hi!\n"), new("f(5)", "Add.", "1\u20282", "3")],
        AlpacaFile.Parse($"\n{Good}\r\n \n{NoInput}\n{Good.Replace("1 2", "1\u20282", StringComparison.Ordinal)}", "f").ToArray());

    [Theory]
    [InlineData("""{"input":"","output":"o"}""", "instruction is missing; it must be of type String.")]
    [InlineData("""{"instruction":"i","output":"o"}""", "input is missing; it must be of type String.")]
    [InlineData("""{"instruction":"i","input":""}""", "output is missing; it must be of type String.")]
    [InlineData("""{"instruction":["i"],"input":"","output":"o"}""", "instruction is of type Array; it must be of type String.")]
    [InlineData("""{"instruction":"i","input":null,"output":"o"}""", "input is of type Null; it must be of type String.")]
    [InlineData("""{"instruction":"i","input":"","output":3}""", "output is of type Number; it must be of type String.")]
    [InlineData("""{"instruction":" ","input":"","output":"o"}""", "instruction is empty; it must hold text.")]
    [InlineData("""{"instruction":"i","input":"","output":"\n"}""", "output is empty; it must hold text.")]
    [InlineData("\"instruction\"", "the row must be an object.")]
    [InlineData("""{"instruction":"i","input":"","output":"\udc00"}""", "this is not a row of JSON: ")]
    public void Parse_BadRow_NamesPlaceAndRule(string row, string rule)
    {
        Assert.StartsWith($"d/f.json, row 2: {rule}", Message($"[{Good},\n\n{row}]"), StringComparison.Ordinal);
        Assert.StartsWith($"d/f.json(3): {rule}", Message($"{Good}\n\n{row}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"instruction\":\"i\",\"instruction\":\"i\",\"input\":\"\",\"output\":\"o\"}")]
    [InlineData("{\"instruction\":\"i\"")]
    [InlineData("{\"instruction\":\"i\",}")]
    [InlineData("nothing like it")]
    public void Parse_NotJson_NamesTheLine(string row)
    {
        Assert.StartsWith("d/f.json(3): this is not a row of JSON: ", Message($"{Good}\n\n{row}\n"), StringComparison.Ordinal);
        Assert.Matches("""^d/f\.json(\([34]\))?: this is not a row of JSON: """, Message($"[{Good},\n\n{row}\n]"));
        Assert.DoesNotContain('\n', Message($"[{Good},\n\n{row}\n]"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData(" \n ")]
    public void Parse_NoRows_SaysSo(string text) => Assert.Equal("d/f.json has no rows.", Message(text));

    [Fact]
    public void Parse_MoreBehindTheArray_IsRefused() =>
        Assert.StartsWith("d/f.json(2): this is not a row of JSON: ", Message($"[{Good}]\n{Good}"), StringComparison.Ordinal);

    /// <summary>3,000 damaged files; NASCLUSTER_FUZZ=100000 tries that many.</summary>
    [Fact]
    public void Parse_DamagedFiles_AreReadOrRefusedInOneLine()
    {
        var seeds = new[] { $"[{Good},{NoInput}]", $"{Good}\n{NoInput}\r\n" }.Select(Encoding.UTF8.GetBytes).ToArray();
        var options = new FuzzOptions { Words = ["\"instruction\":", "\"input\":", "\"output\":", "\\ud800", "\\u0000", "null", "[", "{", "]", "\n", "\""] };
        output.WriteLine(Fuzzer.Run(seeds, bytes => AlpacaFile.Parse(Encoding.UTF8.GetString(bytes), "alpaca.json"), options).ToString());
    }

    [SharedDataFact("instructions/alpaca_en_demo.json")]
    public void Read_PublishedRows_AreAllThere()
    {
        var rows = AlpacaFile.Read(SharedData.PathOf("instructions/alpaca_en_demo.json"));
        Assert.Equal(999, rows.Length);
        Assert.Equal("Describe a process of making crepes.", rows[0].Instruction);
    }

    private static string Message(string text) => Assert.Throws<NasClusterException>(() => AlpacaFile.Parse(text, "d/f.json")).Message;
}
