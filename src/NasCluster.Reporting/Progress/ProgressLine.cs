using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NasCluster.Core.Prediction;
using NasCluster.Reporting.Formatting;
using NasCluster.Reporting.Fronts;

namespace NasCluster.Reporting.Progress;

/// <summary>Progress as single lines, each of which makes sense without the others.</summary>
internal static class ProgressLine
{
    /// <summary>For people reading a log.</summary>
    public static string Text(ProgressFigures<ProgressSnapshot> figures)
    {
        var snapshot = figures.Snapshot;
        var parts = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"{snapshot.Done:#,0} of {snapshot.Budget:#,0} evaluations ({Percent(snapshot)} %)"),
            $"{Quantity.Duration(figures.Elapsed)} elapsed",
        };
        if (snapshot.State == ProgressState.Running)
        {
            parts.Add(figures.PerSecond is double rate ? $"{Quantity.Significant(rate, 3)}/s" : "rate unknown");
            parts.Add(figures.TimeLeft is TimeSpan left ? $"{Quantity.Duration(left)} left" : "time left unknown");
        }
        else
        {
            parts.Add(snapshot.State == ProgressState.Finished ? "finished" : "stopped");
        }

        if (HypervolumeGain.Of(snapshot.History) is { } gain)
        {
            parts.Add($"hypervolume {gain.Percent} since evaluation {gain.Since.ToString("#,0", CultureInfo.InvariantCulture)}");
        }

        if (snapshot is { State: ProgressState.Running, Evaluators: { } evaluators })
        {
            parts.Add($"evaluators: {EvaluatorTable.Summary(evaluators)}");
        }

        parts.Add(string.Create(CultureInfo.InvariantCulture, $"front {snapshot.FrontSize:#,0}"));
        var best = snapshot.Best();
        for (var i = 0; i < best.Length; i++)
        {
            parts.Add($"best {Quantity.Words(snapshot.Objectives[i].Name)} {Quantity.WithError(snapshot.Objectives[i].Name, best[i].Values[i], "+-")}");
        }

        parts.AddRange(snapshot.Predictors.Select(fit => $"predicted {PredictorText.Of(fit)}"));
        if (snapshot.Remembered > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{snapshot.Remembered:#,0} remembered"));
        }

        if (snapshot.Failed > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{snapshot.Failed:#,0} failed"));
        }

        return $"{snapshot.Model}: {string.Join(", ", parts)}";
    }

    /// <summary>For scripts: one object without line breaks, unknown figures as null.</summary>
    public static string Json(ProgressFigures<ProgressSnapshot> figures)
    {
        var snapshot = figures.Snapshot;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("model", snapshot.Model);
            json.WriteString("state", snapshot.State switch
            {
                ProgressState.Running => "running",
                ProgressState.Finished => "finished",
                _ => "stopped",
            });
            json.WriteNumber("done", snapshot.Done);
            json.WriteNumber("budget", snapshot.Budget);
            json.WriteNumber("left", ((IProgressSnapshot)snapshot).Left);
            json.WriteNumber("failed", snapshot.Failed);
            json.WriteNumber("remembered", snapshot.Remembered);
            json.WriteNumber("elapsed_seconds", figures.Elapsed.TotalSeconds);
            WriteNumberOrNull(json, "rate_per_second", figures.PerSecond);
            WriteNumberOrNull(json, "left_seconds", figures.TimeLeft?.TotalSeconds);
            WriteNumberOrNull(json, "hypervolume", snapshot.Hypervolume);
            json.WriteNumber("front_size", snapshot.FrontSize);
            json.WriteStartObject("best");
            var best = snapshot.Best();
            for (var i = 0; i < best.Length; i++)
            {
                json.WriteStartObject(snapshot.Objectives[i].Name);
                json.WriteNumber("trial", best[i].Trial.Value);
                json.WriteNumber("value", best[i].Values[i].Value);
                json.WriteNumber("standard_error", best[i].Values[i].StandardError);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            if (!snapshot.Predictors.IsEmpty)
            {
                WritePredictors(json, snapshot.Predictors);
            }

            if (snapshot.Evaluators is { } evaluators)
            {
                WriteEvaluators(json, evaluators);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WritePredictors(Utf8JsonWriter json, ImmutableArray<PredictorFit> predictors)
    {
        json.WriteStartObject("predictors");
        foreach (var fit in predictors)
        {
            json.WriteStartObject(fit.Objective);
            json.WriteNumber("round", fit.Round);
            json.WriteString("kind", JsonNamingPolicy.SnakeCaseLower.ConvertName(fit.Kind.ToString()));
            json.WriteNumber("kendall_tau", fit.KendallTau);
            json.WriteNumber("mape", fit.MeanAbsolutePercentageError);
            json.WriteNumber("samples", fit.Samples);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteEvaluators(Utf8JsonWriter json, ImmutableArray<EvaluatorRow> evaluators)
    {
        json.WriteStartArray("evaluators");
        foreach (var evaluator in evaluators)
        {
            json.WriteStartObject();
            json.WriteString("evaluator", evaluator.Name);
            json.WriteString("state", EvaluatorTable.Word(evaluator.Activity));
            json.WriteNumber("in_hand", evaluator.InHand);
            json.WriteNumber("batch", evaluator.BatchSize);
            json.WriteNumber("evaluations", evaluator.Evaluations);
            json.WriteNumber("failed", evaluator.Failed);
            WriteNumberOrNull(json, "rate_per_second", evaluator.PerSecond);
            json.WriteNumber("super_networks_loaded", evaluator.SuperNetworks);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Whole percent done; 100 only when all is.</summary>
    public static string Percent(IProgressSnapshot snapshot) => ((int)(snapshot.Share * 100)).ToString(CultureInfo.InvariantCulture);

    /// <summary>A member that is null where its figure is unknown.</summary>
    public static void WriteNumberOrNull(Utf8JsonWriter json, string name, double? value)
    {
        if (value is double number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
