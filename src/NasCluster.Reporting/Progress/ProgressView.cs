using System.Globalization;
using NasCluster.Reporting.Formatting;
using NasCluster.Reporting.Fronts;
using NasCluster.Reporting.Plots;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NasCluster.Reporting.Progress;

/// <summary>One picture of a running search, fitted to a terminal.</summary>
internal static class ProgressView
{
    private const int WidestView = 100;
    private const int TallestPlot = 19;

    // A view as tall as the terminal would scroll at every redraw.
    private const int SpareRows = 2;

    public static IRenderable Draw(ProgressFigures<ProgressSnapshot> figures, int width, int height, bool unicode)
    {
        var snapshot = figures.Snapshot;
        var columns = Math.Clamp(width - 1, 1, WidestView);
        List<IRenderable> rows = [ProgressRows.Bar(snapshot, snapshot.Model, columns, unicode), new Text(""), .. Facts(figures, columns, unicode)];
        var hasPlot = columns >= FrontPlot.SmallestWidth && !snapshot.Points.IsEmpty;
        if (snapshot is { State: ProgressState.Running, Evaluators: { IsEmpty: false } evaluators })
        {
            // A cluster may have a thousand; the front is what is watched.
            var left = height - SpareRows - rows.Count - 1;
            var tableRows = hasPlot ? Math.Max(left / 3, EvaluatorTable.SmallestHeight) : left;
            if (left >= EvaluatorTable.SmallestHeight)
            {
                rows.AddRange([new Text(""), .. EvaluatorTable.Draw(evaluators, columns, tableRows, unicode)]);
            }
        }

        var plotRows = Math.Min(TallestPlot, height - SpareRows - rows.Count - 1);
        if (hasPlot && plotRows >= FrontPlot.SmallestHeight)
        {
            rows.Add(new Text(""));
            rows.Add(FrontPlot.Draw(snapshot.Objectives, snapshot.Points, new FrontPlotOptions { Width = columns, Height = plotRows, Unicode = unicode }));
        }

        return new Rows(rows.Take(Math.Max(1, height - SpareRows)));
    }

    private static List<Paragraph> Facts(ProgressFigures<ProgressSnapshot> figures, int columns, bool unicode)
    {
        var snapshot = figures.Snapshot;
        var ends = snapshot.State switch
        {
            ProgressState.Finished => "finished",
            ProgressState.Stopped => "stopped",
            _ => figures.TimeLeft is TimeSpan left ? $"{Quantity.Duration(left)} left" : "time left unknown yet",
        };
        var rate = figures.PerSecond is double perSecond ? $", {Quantity.Significant(perSecond, 3)} evaluations/s" : "";
        var extra = string.Create(
            CultureInfo.InvariantCulture,
            $"{(snapshot.Remembered > 0 ? $", {snapshot.Remembered:#,0} remembered" : "")}{(snapshot.Failed > 0 ? $", {snapshot.Failed:#,0} failed" : "")}");
        List<(string Label, string Value)> facts =
        [
            ("time", $"{Quantity.Duration(figures.Elapsed)} elapsed, {ends}{rate}"),
            ("hypervolume", HypervolumeGain.Of(snapshot.History) is { } gain ? $"{gain}" : "unknown yet"),
            ("front", string.Create(CultureInfo.InvariantCulture, $"{snapshot.FrontSize:#,0} of {snapshot.Points.Length:#,0} evaluated{extra}")),
        ];
        if (snapshot is { State: ProgressState.Running, Evaluators: { } evaluators })
        {
            facts.Add(("evaluators", EvaluatorTable.Summary(evaluators)));
        }

        facts.AddRange(snapshot.Predictors.Select(fit => ("predictor", PredictorText.Of(fit))));
        var best = snapshot.Best();
        for (var i = 0; i < best.Length; i++)
        {
            var name = snapshot.Objectives[i].Name;
            facts.Add(($"best {Quantity.Words(name)}", $"{Quantity.WithError(name, best[i].Values[i], unicode ? "±" : "+-")}  (trial {best[i].Trial})"));
        }

        return ProgressRows.Facts(facts, columns);
    }
}
