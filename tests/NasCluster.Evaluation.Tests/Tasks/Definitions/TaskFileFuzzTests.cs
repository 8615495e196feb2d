using System.Collections.Immutable;
using System.Text;
using NasCluster.Evaluation.Tasks;
using NasCluster.Evaluation.Tasks.Definitions;
using NasCluster.Evaluation.Tasks.Files;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Evaluation.Tests.Tasks.Definitions;

/// <summary>Damaged files are read or refused in one line. 3,000 of each layout; NASCLUSTER_FUZZ=100000 tries that many.</summary>
public sealed class TaskFileFuzzTests(ITestOutputHelper output)
{
    private static readonly string[] Words =
        ["\"sentence\":", "\"label\":", "\"choices\":", "\"endings\":", "_", "\\ud800", "\\u0000", "null", "[", "{", "\n", "\"", ",", "\t", "(B) ", "-1", "\"\"", "[]", " = ", "[title]"];

    [Fact]
    public void WinoGrande() => Fuzz("""{"sentence":"Ann gave Eve tea as _ was cold.","option1":"Ann","option2":"Eve","answer":"2"}""", f => WinoGrandeTask.Parse(f, null));

    [Fact]
    public void WinoGrandeLabels() => Fuzz("2\n1\n", f => WinoGrandeTask.Parse(
        new("{\"sentence\":\"a _ b\",\"option1\":\"x\",\"option2\":\"y\"}\n{\"sentence\":\"a _ b\",\"option1\":\"x\",\"option2\":\"y\",\"answer\":\"1\"}", "dev.jsonl"), f));

    [Fact]
    public void Piqa() => Fuzz("""{"goal":"Dry a cup","sol1":"use a cloth","sol2":"use \"tea\"","label":0}""", f => PiqaTask.Parse(f, null));

    [Fact]
    public void OpenBookQa() => Fuzz(
        "ID\tQuestion Stem\tChoices\tComplete Question\tAnswer Key\n7-1\tIce is\t(A) hot (B) cold (C) dry (D) loud\tIce is (A) hot (B) cold (C) dry (D) loud\tB\n", OpenBookQaTask.Parse);

    [Fact]
    public void BoolQ() => Fuzz("""{"question":"is ice cold","title":"Ice","answer":true,"passage":"Ice is cold."}""" + "\n" + """{"question":"is ice cold","passage":"Ice -- Ice is cold.","label":1}""", BoolQTask.Parse);

    [Fact]
    public void HellaSwag() => Fuzz(
        """{"activity_label":"Baking","ctx_a":"A man bakes.","ctx_b":"he","endings":["[step] eats  it.","sleeps.","runs.","sings."],"label":"0"}""", f => HellaSwagTask.Parse(f, []));

    [Fact]
    public void TruthfulQa() => Fuzz(
        """[{"question":"Is ice hot?","mc1_targets":{"No":1,"Yes":0},"mc2_targets":{"choices":["No","Yes"],"labels":[1,0]}}]""",
        f => new TruthfulQaTask("truthfulqa_mc2", "mc2_targets", true).Parse(f, "Q: ?\nA: !").AddRange(new TruthfulQaTask("truthfulqa_mc1", "mc1_targets", false).Parse(f, "")));

    [Fact]
    public void Lambada() => Fuzz("""{"text":"She said her name was \"Ann"}""" + "\n" + """{"context":"He saw","continuation":"Ann"}""", LambadaTask.Parse);

    [Fact]
    public void Mmlu() => Fuzz("What is 1+1?,1,2,\"3, or \"\"4\"\"\",\" 5\n\",B\r\nIs it?,yes,no,yes,no,D\n", MmluTask.Parse);

    [Fact]
    public void Wikitext() => Fuzz(" \n = Ice = \n \n Ice ( frozen water ) is cold . \n = = Uses = = \n It ' s \" cool \" . \n = Tea = \n Tea . \n", WikitextTask.Parse);

    private void Fuzz(string seed, Func<NamedText, ImmutableArray<TaskDocument>> parse)
    {
        byte[][] seeds = [Encoding.UTF8.GetBytes(seed)];
        output.WriteLine(Fuzzer.Run(seeds, bytes => parse(new(Encoding.UTF8.GetString(bytes), "file")), new FuzzOptions { Words = Words }).ToString());
    }
}
