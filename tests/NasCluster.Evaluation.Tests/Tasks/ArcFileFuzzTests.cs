using System.Text;
using NasCluster.Evaluation.Tasks;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Evaluation.Tests.Tasks;

public sealed class ArcFileFuzzTests(ITestOutputHelper output)
{
    /// <summary>3,000 damaged files; NASCLUSTER_FUZZ=100000 tries that many.</summary>
    [Fact]
    public void Parse_DamagedRows_AreReadOrRefusedInOneLine()
    {
        var row = """{"id":"q","question":{"stem":"Why \"é\"?","choices":[{"text":"yes","label":"A"},{"text":"no","label":"B"}]},"answerKey":"B"}""";
        var listed = """{"question":"Why?","choices":{"text":["yes","no"],"label":["A","B"]},"answerKey":"B"}""";
        var seeds = new[] { row, listed, $"{row}\n\n{row}\r\n" }.Select(Encoding.UTF8.GetBytes).ToArray();
        var options = new FuzzOptions { Words = ["\"question\":", "\"stem\":", "\"choices\":", "\"label\":", "\"answerKey\":", "\\ud800", "\\u0000", "null", "[", "{", "\n"] };
        output.WriteLine(Fuzzer.Run(seeds, bytes => ArcFile.Parse(Encoding.UTF8.GetString(bytes), "questions.jsonl"), options).ToString());
    }
}
