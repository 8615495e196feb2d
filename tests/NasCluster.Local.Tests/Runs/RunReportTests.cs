using Microsoft.Data.Sqlite;
using NasCluster.Core;
using NasCluster.Local.Runs;
using NasCluster.Pipeline;
using NasCluster.Reporting.Fronts;

namespace NasCluster.Local.Tests.Runs;

public sealed class RunReportTests : IDisposable
{
    private readonly SmallModel _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Read_FinishedRun_SaysWhatItsRecordsSay()
    {
        Assert.Equal(0, Nas.Run(_model.Search("run", 40)).ExitCode);

        var report = RunReport.Read(_model.At("run"));

        Assert.Equal(("model", 40, 40, 1UL), (report.Model, report.Budget, report.Evaluations, report.Seed));
        Assert.Equal(40, report.Rows.Length);
        Assert.Equal(
            report.Rows.Where(r => !report.Rows.Any(o => Dominates(o, r))).Select(r => r.Trial).Order(), report.Front.Select(r => r.Trial).Order());
        Assert.NotNull(report.Baseline);
        Assert.Equal(report.Rows.Max(r => r.Values[1].Value), report.Baseline.Values[1].Value);
        Assert.All(report.Rows, r => Assert.Equal(r.OnFront || r.Trial == report.Baseline.Trial ? 2 : 0, r.ReportValues.Length));
        Assert.All(report.Front, r => Assert.NotEqual(r.Values[0], r.ReportValues[0]));
        Assert.Equal(report.History[^1].Hypervolume, report.Hypervolume);
        Assert.Equal(20, report.History[0].Evaluations);
        Assert.InRange(report.History[^1].Evaluations, 20, 40);
        Assert.DoesNotContain(report.Provenance, p => p.Key == ProvenanceNames.ModelConfiguration);
        Assert.NotEmpty(report.Provenance);
    }

    [Fact]
    public void Read_WhileTheSearchGoesOn_SaysHowFarItIs()
    {
        using var search = Nas.Start(_model.Search("run", 5000, "--vectors", "scalar", "--set", "data.search_tokens=all"));
        search.WaitUntil(() => RunRecords.OutcomesOf(_model.At("run")) >= 5);

        var report = RunReport.Read(_model.At("run"));
        var front = Nas.Run("front", _model.At("run"));

        // The space has 336 sub-networks.
        Assert.InRange(report.Evaluations, 5, 335);
        Assert.All(report.History, h => Assert.True(h.Evaluations <= report.Evaluations, $"{h.Evaluations} of {report.Evaluations}"));
        Assert.All(report.Rows, r => Assert.Empty(r.ReportValues));
        Assert.Equal(0, front.ExitCode);
        Assert.Matches(@"^model · \d[\d,]* of 336 evaluations · ", front.Output);
        Assert.DoesNotContain("336 of 336", front.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("report set", front.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoRun_IsRefused() =>
        Assert.Equal($"There is no run directory '{_model.At("none")}'.", Assert.ThrowsAny<NasClusterException>(() => RunReport.Read(_model.At("none"))).Message);

    [Fact]
    public void Resume_KilledBeforeTheReportSetWasScored_ScoresItThen()
    {
        Assert.Equal(0, Nas.Run(_model.Search("run", 25)).ExitCode);
        var whole = File.ReadAllText(_model.At("run/front.csv"));
        Forget("DELETE FROM report_values");
        Assert.All(RunReport.Read(_model.At("run")).Rows, r => Assert.Empty(r.ReportValues));

        Assert.Equal(0, Nas.Run("resume", _model.At("run")).ExitCode);

        Assert.Equal(whole, File.ReadAllText(_model.At("run/front.csv")));
    }

    [Fact]
    public void Resume_KilledWhileTheReportSetWasScored_ScoresTheRestAndKeepsWhatIsThere()
    {
        Assert.Equal(0, Nas.Run(_model.Search("run", 25)).ExitCode);
        var kept = RunReport.Read(_model.At("run")).Front[0].Trial;
        Forget($"DELETE FROM report_values WHERE trial <> {kept}", $"UPDATE report_values SET objective_values = (SELECT objective_values FROM outcomes WHERE trial = {kept})");

        Assert.Equal(0, Nas.Run("resume", _model.At("run")).ExitCode);

        var report = RunReport.Read(_model.At("run"));
        Assert.All(report.Front, r => Assert.Equal(r.Trial == kept, r.Values.SequenceEqual(r.ReportValues)));
    }

    private void Forget(params string[] statements)
    {
        using var connection = new SqliteConnection($"Data Source={_model.At("run/run.db")};Pooling=False");
        connection.Open();
        foreach (var statement in statements)
        {
            using var command = connection.CreateCommand();
            command.CommandText = statement;
            Assert.True(command.ExecuteNonQuery() > 0, statement);
        }
    }

    private static bool Dominates(FrontRow better, FrontRow worse)
    {
        var (a, b) = (better.Values, worse.Values);
        return a[0].Value <= b[0].Value && a[1].Value <= b[1].Value && (a[0].Value < b[0].Value || a[1].Value < b[1].Value
            || (better.Trial.CompareTo(worse.Trial) < 0 && a.SequenceEqual(b)));
    }
}
