using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Core.Search;
using NasCluster.Reporting.Formatting;
using NasCluster.Reporting.Fronts;

namespace NasCluster.Reporting.Tests.Fronts;

public class FrontTableTests
{
    [Fact]
    public void Write_SmallReport_MatchesGolden() => Golden.Matches("small-table.txt", Render(Reports.Small));

    [Fact]
    public void Write_ReportSetAndAscii_MatchesGolden()
    {
        var text = Render(WithReportSet(Reports.Small), new FrontWriterOptions { Unicode = false });
        Golden.Matches("report-set-table-ascii.txt", text);
        Assert.All(text, c => Assert.InRange(c, '\n', '~'));
    }

    [Fact]
    public void Write_Ansi_OnlyWhenAsked()
    {
        Assert.DoesNotContain('\u001b', Render(Reports.Small));
        Assert.Contains('\u001b', Render(Reports.Small, new FrontWriterOptions { Ansi = true }));
    }

    [Fact]
    public void Write_Narrower_GivesUpWhatCostsLeastFirst() => Golden.Matches(
        "narrow-tables.txt",
        string.Join('\n', new[] { 112, 98, 91, 78, 69, 60, 40 }.Select(width => $"{width} columns\n{Render(WithReportSet(Reports.Small), new FrontWriterOptions { Width = width })}")));

    [Fact]
    public void Write_AnyWidth_IsRespectedAndKeepsEveryTrialOnALineWithItsNumbersWhole()
    {
        foreach (var report in new[] { Reports.Small, Reports.Large, WithReportSet(Reports.Small), WithReportSet(Reports.Large) })
        {
            for (var width = 40; width < 130; width++)
            {
                var lines = Render(report, new FrontWriterOptions { Width = width }).Split('\n');
                Assert.All(lines, line => Assert.True(line.Length <= width, line));
                Assert.All(report.Front, row => Assert.Single(
                    lines, l => l.StartsWith($"│ {row.Trial,5} │", StringComparison.Ordinal)
                        && l.Contains($" {Quantity.WithError("perplexity", row.Values[0])} ", StringComparison.Ordinal)
                        && l.Contains($" {Quantity.Human("parameters", row.Values[1].Value)} ", StringComparison.Ordinal)));
            }
        }
    }

    [Fact]
    public void Write_TooManyObjectivesForTheWidth_BreaksCellsAndLosesNothing()
    {
        ImmutableArray<Objective> objectives = [.. Enumerable.Range(0, 8).Select(i => new Objective($"task_{i}", ObjectiveDirection.Maximise, ObjectiveKind.Scored))];
        var row = Reports.Row(1, 0, 0, 0, true) with { Values = [.. Enumerable.Range(0, 8).Select(i => new ObjectiveValue(10 + i, 0))] };
        var text = Render(Reports.Small with { Objectives = objectives, Rows = [row], Baseline = null, ReferencePoint = [] }, new FrontWriterOptions { Width = 40 });
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 40, line));
        Assert.DoesNotContain("…", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LayersThatAreNotTheLeadingOnes_AreNamed()
    {
        var architecture = new Architecture([.. new[] { 0, 1, 3, 4, 5, 9 }.Select(l => new LayerArchitecture(l, ChannelSelection.Leading(2), ChannelSelection.Leading(8)))]);
        var report = Reports.Small with { Rows = [Reports.Small.Rows[0] with { Architecture = architecture }] };
        Assert.Contains("layers 0 1 3-5 9, MLP 8, KV 2", Render(report), StringComparison.Ordinal);
        Assert.Contains("[0 1 3-5 9]: 8 ", Render(report, new FrontWriterOptions { Width = 60 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_HeadsThatLackPairs_ShowTheirChannels()
    {
        var layer = new LayerArchitecture(0, ChannelSelection.Leading(2), ChannelSelection.Leading(8), ChannelSelection.Set([0, 1, 3]));
        var narrow = layer with { SourceLayer = 1, HeadPairs = ChannelSelection.Leading(1) };
        var whole = layer with { SourceLayer = 2, HeadPairs = null };
        var without = whole with { SourceLayer = 3, KvGroups = ChannelSelection.Leading(0) };
        Assert.Contains("3 layers, MLP 8, KV 2, head 6 2 all", Text(60, layer, narrow, whole), StringComparison.Ordinal);
        Assert.Contains("1 layer, MLP 8, KV 2, head 6 ", Text(60, layer), StringComparison.Ordinal);
        Assert.Contains("4 layers, MLP 8, KV 2 2 2 0, head 6 2 all", Text(80, layer, narrow, whole, without), StringComparison.Ordinal);
        Assert.DoesNotContain("head 6", Text(60, whole), StringComparison.Ordinal);

        string Text(int width, params LayerArchitecture[] layers) => Render(
            Reports.Small with { Rows = [Reports.Small.Rows[0] with { Architecture = new Architecture([.. layers]) }] }, new FrontWriterOptions { Width = 2 * width });
    }

    [Fact]
    public void Write_Fingerprints_AreCutAndOtherValuesAreNot()
    {
        var digest = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));
        var text = Render(Reports.Small with
        {
            Provenance = [new("model", digest), new("tokenizer", $"sha256:{digest}"), new("program", $"1.2.0+{digest[..40]}"), new("count", "123456789012345"), new("path", $"/x{digest}")],
        });
        Assert.EndsWith($"model: 0123456789ab\ntokenizer: sha256:0123456789ab\nprogram: 1.2.0+0123456789ab\ncount: 123456789012345\npath: /x{digest}\n", text, StringComparison.Ordinal);
        Assert.Contains(digest, FrontWriterTests.Render(Reports.Small with { Provenance = [new("model", digest)] }, FrontFormat.Json), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_BracketsInNames_AreNoMarkup() =>
        Assert.StartsWith("[red]x[/] ", Render(Reports.Small with { Model = "[red]x[/]" }), StringComparison.Ordinal);

    [Fact]
    public void Write_EmptyFront_SaysSo() =>
        Assert.Contains("0 on the front", Render(Reports.Small with { Rows = [] }), StringComparison.Ordinal);

    private static FrontReport WithReportSet(FrontReport report) => report with
    {
        Rows = [.. report.Rows.Select(r => r.Trial.Value == 2 ? r : r with { ReportValues = [new(r.Values[0].Value + 0.125, 0.05), r.Values[1]] })],
    };

    private static string Render(FrontReport report, FrontWriterOptions? options = null) => FrontWriterTests.Render(report, FrontFormat.Table, options);
}
