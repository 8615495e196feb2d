using System.Collections.Immutable;
using System.Text.Json;
using NasCluster.Core.Architectures;
using NasCluster.Evaluation.Tasks.Running;
using NasCluster.Evaluation.Tasks.Scoring;

namespace NasCluster.Local.Evaluations;

/// <summary>An evaluation as one JSON object, every digit of it. Equal evaluations give equal bytes, tokens computed aside.</summary>
internal static class EvalJson
{
    /// <summary>Writes it.</summary>
    public static void Write(Stream output, EvalReport report)
    {
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            WriteNetwork(json, report);
            json.WriteStartObject("protocol");
            json.WriteString("harness", EvalReport.Harness);
            json.WriteNumber("shots", report.Options.Shots);
            json.WriteNumber("seed", report.Options.Seed);
            json.WriteNumber("window", report.Window);
            json.WriteBoolean("beginning_mark", report.Options.UseBeginningMark);
            json.WriteString("tokenizer", report.Tokenizer);
            json.WriteEndObject();
            json.WriteStartArray("tasks");
            foreach (var task in report.Tasks)
            {
                WriteTask(json, report, task);
            }

            json.WriteEndArray();
            json.WriteStartArray("groups");
            foreach (var scores in report.Groups)
            {
                json.WriteStartObject();
                json.WriteString("group", scores[0].Task);
                json.WriteNumber("documents", scores[0].Metrics[0].PerDocument.Length);
                WriteScores(json, report, scores);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static void WriteNetwork(Utf8JsonWriter json, EvalReport report)
    {
        json.WriteStartObject("network");
        json.WriteString("fingerprint", report.Network.Fingerprint);
        json.WriteString("precision", report.Network.Precision);
        json.WriteString("numerics", report.Network.NumericsVersion);
        json.WriteStartArray("sub_networks");
        foreach (var (name, architecture) in report.Networks)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WritePropertyName("architecture");
            ArchitectureJson.Write(json, architecture);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTask(Utf8JsonWriter json, EvalReport report, TaskResult task)
    {
        json.WriteStartObject();
        json.WriteString("task", task.Set.Name);
        json.WriteString("fingerprint", task.Set.Fingerprint);
        json.WriteNumber("documents", task.Set.Documents.Length);
        json.WriteNumber("sequences", task.Set.Requests.Length);
        json.WriteNumber("truncated_documents", task.Set.TruncatedCount);
        json.WriteStartArray("warnings");
        foreach (var warning in task.Set.Warnings)
        {
            json.WriteStringValue(warning);
        }

        json.WriteEndArray();
        if (task.Tokens is { } tokens)
        {
            json.WriteNumber("tokens_asked", tokens.Asked);
            json.WriteNumber("tokens_computed", tokens.Computed);
        }

        WriteScores(json, report, task.Scores);
        json.WriteEndObject();
    }

    private static void WriteScores(Utf8JsonWriter json, EvalReport report, ImmutableArray<TaskScore> scores)
    {
        json.WriteStartArray("scores");
        foreach (var score in scores)
        {
            json.WriteStartObject();
            foreach (var metric in score.Metrics)
            {
                json.WriteStartObject(metric.Name);
                json.WriteNumber("value", metric.Value);
                json.WriteNumber("standard_error", metric.StandardError);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (scores.Length == 1)
        {
            return;
        }

        json.WriteStartArray(report.IsFront ? "differences_from_previous" : "differences_from_first");
        for (var i = 1; i < scores.Length; i++)
        {
            json.WriteStartObject();
            foreach (var difference in MetricDifference.Of(scores[report.ComparedWith(i)], scores[i]))
            {
                json.WriteStartObject(difference.Metric);
                json.WriteNumber("value", difference.Value);
                json.WriteNumber("standard_error", difference.StandardError);
                json.WriteNumber("p", difference.PValue);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
