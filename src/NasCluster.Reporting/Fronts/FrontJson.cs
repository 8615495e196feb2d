using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NasCluster.Core.Architectures;
using NasCluster.Core.Search;

namespace NasCluster.Reporting.Fronts;

/// <summary>A report as one JSON object. Property names are kept; numbers are written with as many digits as reading them back needs.</summary>
internal static class FrontJson
{
    /// <summary>Raised when a property changes its name or meaning; new properties do not raise it.</summary>
    public const string Schema = "nas-cluster.front/1";

    public static void Write(FrontReport report, TextWriter writer, FrontWriterOptions options)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(
            buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(report, json, options);
        }

        writer.Write(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        writer.Write('\n');
    }

    private static void Write(FrontReport report, Utf8JsonWriter json, FrontWriterOptions options)
    {
        var marks = NoiseMarks.Of(report.Objectives, report.Front);
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteString("model", report.Model);
        json.WriteNumber("seed", report.Seed);
        json.WriteNumber("budget", report.Budget);
        json.WriteNumber("evaluations", report.Evaluations);
        json.WriteStartArray("objectives");
        foreach (var objective in report.Objectives)
        {
            json.WriteStartObject();
            json.WriteString("name", objective.Name);
            json.WriteString("direction", objective.Direction == ObjectiveDirection.Minimise ? "minimise" : "maximise");
            json.WriteString("kind", objective.Kind switch
            {
                ObjectiveKind.Analytic => "analytic",
                ObjectiveKind.Scored => "scored",
                _ => "measured",
            });
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteHypervolume(report, json);
        WriteBaseline(report, json);
        WriteRows(json, "front", report, report.Front, marks);
        if (options.AllTrials)
        {
            WriteRows(json, "others", report, report.Others, marks.Clear());
        }

        json.WriteStartObject("provenance");
        foreach (var (key, value) in report.Provenance)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteHypervolume(FrontReport report, Utf8JsonWriter json)
    {
        json.WritePropertyName("hypervolume");
        if (report.Hypervolume is double hypervolume && double.IsFinite(hypervolume))
        {
            json.WriteNumberValue(hypervolume);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteStartArray("reference_point");
        foreach (var value in report.ReferencePoint)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
        json.WriteStartArray("hypervolume_history");
        foreach (var point in report.History)
        {
            json.WriteStartObject();
            json.WriteNumber("evaluations", point.Evaluations);
            json.WriteNumber("hypervolume", point.Hypervolume);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRows(
        Utf8JsonWriter json,
        string name,
        FrontReport report,
        ImmutableArray<FrontRow> rows,
        ImmutableSortedDictionary<TrialId, ImmutableArray<int>> marks)
    {
        json.WriteStartArray(name);
        foreach (var row in rows)
        {
            WriteRow(json, report, row, marks.TryGetValue(row.Trial, out var marked) ? marked : []);
        }

        json.WriteEndArray();
    }

    // The whole network is no trial of the search, so it has no number and no genome.
    private static void WriteBaseline(FrontReport report, Utf8JsonWriter json)
    {
        if (report.Baseline is null)
        {
            json.WriteNull("baseline");
            return;
        }

        json.WriteStartObject("baseline");
        json.WritePropertyName("values");
        WriteValues(json, report, report.Baseline.Values);
        json.WritePropertyName("report_values");
        WriteValues(json, report, report.Baseline.ReportValues);
        json.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter json, FrontReport report, FrontRow row, ImmutableArray<int> marked)
    {
        json.WriteStartObject();
        json.WriteNumber("trial", row.Trial.Value);
        json.WriteBoolean("on_front", row.OnFront);
        json.WriteString("genome", row.Genome);
        json.WritePropertyName("architecture");
        WriteArchitecture(json, row.Architecture);
        json.WritePropertyName("values");
        WriteValues(json, report, row.Values);
        json.WritePropertyName("report_values");
        WriteValues(json, report, row.ReportValues);
        json.WriteStartArray("within_noise");
        foreach (var objective in marked)
        {
            json.WriteStringValue(report.Objectives[objective].Name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteArchitecture(Utf8JsonWriter json, Architecture? architecture)
    {
        if (architecture is null)
        {
            json.WriteNullValue();
            return;
        }

        ArchitectureJson.Write(json, architecture);
    }

    private static void WriteValues(Utf8JsonWriter json, FrontReport report, ImmutableArray<ObjectiveValue> values)
    {
        if (values.IsEmpty)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        for (var i = 0; i < values.Length; i++)
        {
            json.WriteStartObject(report.Objectives[i].Name);
            json.WriteNumber("value", values[i].Value);
            json.WriteNumber("standard_error", values[i].StandardError);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
