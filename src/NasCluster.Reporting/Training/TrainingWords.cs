using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NasCluster.Reporting.Formatting;
using NasCluster.Reporting.Progress;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NasCluster.Reporting.Training;

/// <summary>A training run in words: as a line, as JSON, and as the rows of a live view.</summary>
internal static class TrainingWords
{
    private const int WidestView = 100;

    // A view as tall as the terminal would scroll at every redraw.
    private const int SpareRows = 2;
    private const int LossDecimals = 3;

    /// <summary>For people reading a log.</summary>
    public static string Line(ProgressFigures<TrainingSnapshot> figures)
    {
        var run = figures.Snapshot;
        var parts = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"step {run.Step:#,0} of {run.Steps:#,0} ({ProgressLine.Percent(run)} %)"),
            $"{Quantity.Duration(figures.Elapsed)} elapsed",
            Ends(figures, "time left unknown"),
            $"{Quantity.Human("tokens", run.Tokens)} tokens",
        };
        if (figures.PerSecond is { } rate)
        {
            parts.Add($"{Quantity.Human("tokens", rate)} tokens/s");
        }

        if (run.LearningRate is { } learningRate)
        {
            parts.Add($"learning rate {Rate(learningRate)}");
        }

        parts.AddRange(Losses(run).Where(l => l.Loss is not null).Select(l => $"{l.Name} {Loss(l.Loss!.Value)}"));
        return $"{run.Model}: {string.Join(", ", parts)}";
    }

    /// <summary>For scripts: one object without line breaks, unknown figures as null.</summary>
    public static string Json(ProgressFigures<TrainingSnapshot> figures)
    {
        var run = figures.Snapshot;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("model", run.Model);
            json.WriteString("state", run.State switch
            {
                ProgressState.Running => "running",
                ProgressState.Finished => "finished",
                _ => "stopped",
            });
            json.WriteNumber("step", run.Step);
            json.WriteNumber("steps", run.Steps);
            json.WriteNumber("tokens", run.Tokens);
            json.WriteNumber("elapsed_seconds", figures.Elapsed.TotalSeconds);
            ProgressLine.WriteNumberOrNull(json, "tokens_per_second", figures.PerSecond);
            ProgressLine.WriteNumberOrNull(json, "left_seconds", figures.TimeLeft?.TotalSeconds);
            ProgressLine.WriteNumberOrNull(json, "learning_rate", run.LearningRate);
            ProgressLine.WriteNumberOrNull(json, "training_loss", run.TrainingLoss);
            ProgressLine.WriteNumberOrNull(json, "largest_loss", run.Largest);
            ProgressLine.WriteNumberOrNull(json, "smallest_loss", run.Smallest);
            ProgressLine.WriteNumberOrNull(json, "random_loss", run.Random);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>One picture of the run, fitted to a terminal.</summary>
    public static IRenderable View(ProgressFigures<TrainingSnapshot> figures, int width, int height, bool unicode)
    {
        var run = figures.Snapshot;
        var columns = Math.Clamp(width - 1, 1, WidestView);
        var rate = figures.PerSecond is { } perSecond ? $", {Quantity.Human("tokens", perSecond)} tokens/s" : "";
        List<(string Label, string Value)> facts =
        [
            ("time", $"{Quantity.Duration(figures.Elapsed)} elapsed, {Ends(figures, "time left unknown yet")}"),
            ("tokens", $"{Quantity.Human("tokens", run.Tokens)}{rate}"),
            ("learning rate", run.LearningRate is { } learningRate ? Rate(learningRate) : "unknown yet"),
            .. Losses(run).Select(l => ($"{l.Name} loss", l.Loss is { } loss ? $"{Loss(loss)} nats" : "unknown yet")),
        ];
        IRenderable[] rows = [ProgressRows.Bar(run, run.Model, columns, unicode), new Text(""), .. ProgressRows.Facts(facts, columns)];
        return new Rows(rows.Take(Math.Max(1, height - SpareRows)));
    }

    private static (string Name, double? Loss)[] Losses(TrainingSnapshot run) =>
        [("training", run.TrainingLoss), ("largest", run.Largest), ("smallest", run.Smallest), ("random", run.Random)];

    private static string Ends(ProgressFigures<TrainingSnapshot> figures, string unknown) => figures.Snapshot.State switch
    {
        ProgressState.Finished => "finished",
        ProgressState.Stopped => "stopped",
        _ => figures.TimeLeft is { } left ? $"{Quantity.Duration(left)} left" : unknown,
    };

    // A loss that is no number must be seen as one that is none, not break the view.
    private static string Loss(double loss) => double.IsFinite(loss) ? Quantity.Fixed(loss, LossDecimals) : loss.ToString(CultureInfo.InvariantCulture);

    private static string Rate(double learningRate) => learningRate.ToString("0.###e+0", CultureInfo.InvariantCulture);
}
