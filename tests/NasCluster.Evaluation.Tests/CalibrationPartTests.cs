using FsCheck;
using FsCheck.Fluent;
using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Evaluation.Tests.Fakes;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tests;

public sealed class CalibrationPartTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("nas-data").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void TakeLeadingThenCut_NumberedDocuments_GivesEachToOnePartInOrder() => Prop.ForAll(Cases(3).ToArbitrary(), c =>
    {
        // Each document names itself, and may hold lines of its own.
        string[] documents = [.. c.Lengths.Select((length, i) => $"d{i}:" + string.Join('\n', Enumerable.Repeat("x", length)))];
        var (leading, rest) = TextParts.TakeLeading(string.Join("\n<|>\n", documents), "<|>", "##", c.First, "t");
        var parts = TextParts.Cut(rest, "<|>", "##", c.Second, "t");
        string[] all = [.. new[] { leading, parts.Search, parts.Report! }.Select(p => p.Trim()).Where(p => p.Length > 0)];
        return all.Length == 3 && all.SelectMany(p => p.Split("##")).SequenceEqual(documents);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void TakeLeadingThenCut_NumberedLines_GivesEachToOnePartInOrder() => Prop.ForAll(Cases(3).ToArbitrary(), c =>
    {
        string[] lines = [.. c.Lengths.Select((length, i) => $"l{i}:{new string('x', length)}")];
        foreach (var separator in new[] { null, "<|>" })
        {
            string leading, rest;
            TextParts parts;
            try
            {
                (leading, rest) = TextParts.TakeLeading(string.Join('\n', lines), separator, "##", c.First, "t");
                parts = TextParts.Cut(rest, separator, "##", c.Second, "t");
            }
            catch (NasClusterException e) when (e.Message.Contains("single line", StringComparison.Ordinal))
            {
                continue; // The leading part left one line, which cannot be parted.
            }

            if (!string.Concat(leading, parts.Search, parts.Report).Split('\n').SequenceEqual(lines) || !leading.EndsWith('\n') || !parts.Search.EndsWith('\n'))
            {
                return false;
            }
        }

        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void LoadCalibration_WithLoad_ScoresThreePartsOfTheText()
    {
        File.WriteAllText(Path.Combine(_directory, "t.txt"), "aaaaaaaa#bbbbbbbb#cccccccc#dddddddd#eeeeeeee#ffffffff");
        var calibration = EvaluationData.LoadCalibration(Spec, new LetterTokenizer(), 4, null, Resolve);
        var data = EvaluationData.Load(Spec, new LetterTokenizer(), BigramNetwork.Configuration(), Resolve);

        Assert.Equal((4, 4), (calibration.Protocol.Window, calibration.Protocol.Stride));
        Assert.Equal("aaaaaaaa-bbbbbbbb".Length, calibration.ScoredCount);
        Assert.Equal("cccccccc-dddddddd".Length, data.Search.Text!.ScoredCount);
        Assert.Equal("eeeeeeee-ffffffff".Length, data.Report!.Text!.ScoredCount);
        Assert.Equal(3, EvaluationData.LoadCalibration(Spec, new LetterTokenizer(), 4, 3, Resolve).ScoredCount);
    }

    [Fact]
    public void LoadCalibration_NoTextNoShareOrTooShort_NamesFileAndRule()
    {
        File.WriteAllText(Path.Combine(_directory, "t.txt"), "aa#bbbbbbbbbbbb#cccccccccccc");
        Refused(Spec with { Data = Spec.Data with { Text = null } }, 4, "data.text is missing");
        Refused(Spec with { Data = Spec.Data with { CalibrationShare = 0 } }, 4, "data.calibration_share is 0");
        Refused(Spec with { Data = Spec.Data with { CalibrationShare = 0.01 } }, 8, "The calibration part of");

        void Refused(SearchSpec spec, int window, string says) => Assert.StartsWith(
            says, Assert.Throws<NasClusterException>(() => EvaluationData.LoadCalibration(spec, new LetterTokenizer(), window, null, Resolve)).Message, StringComparison.Ordinal);
    }

    private static SearchSpec Spec => new()
    {
        Model = "m",
        Data = new() { Text = "t.txt", Window = 8, Separator = "#", Join = "-", CalibrationShare = 0.33, SearchShare = 0.5 },
        Objectives = ["perplexity"],
    };

    private string Resolve(string path) => Path.Combine(_directory, path);

    private static Gen<(int[] Lengths, double First, double Second)> Cases(int least) =>
        from lengths in Gen.Choose(1, 30).ListOf()
        from more in Gen.Choose(1, 30).ArrayOf(least)
        from first in Gen.Choose(1, 99)
        from second in Gen.Choose(1, 99)
        select (lengths.Concat(more).ToArray(), first / 100.0, second / 100.0);
}
