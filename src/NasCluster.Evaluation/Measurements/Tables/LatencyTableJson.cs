using System.Collections.Immutable;
using System.Text.Json;
using NasCluster.Core;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Measurements.Tables;

/// <summary>Latency tables as JSON: every member must be there, none may be unknown, and equal tables are equal texts.</summary>
public static class LatencyTableJson
{
    private const int Schema = 1;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        MaxDepth = 8,
    };

    /// <summary>Writes a table.</summary>
    public static string Write(LatencyTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return JsonSerializer.Serialize(
            new TableText(Schema, table.Model, table.Device, table.Measured, table.Protocol, table.Knots, [.. table.Sections.Select(SectionText.Of)]), Options);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="NasClusterException">It cannot be read, or is no latency table; the message says where and what must be.</exception>
    public static LatencyTable ReadFile(string file) => Read(TextFile.Read(file), file);

    /// <summary>Reads a table.</summary>
    /// <param name="json">The text.</param>
    /// <param name="where">What it is, for messages.</param>
    /// <exception cref="NasClusterException">It is no latency table; the message says where and what must be.</exception>
    public static LatencyTable Read(string json, string where)
    {
        TableText text;
        try
        {
            text = JsonSerializer.Deserialize<TableText>(json, Options) ?? throw new JsonException("It is null.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw new NasClusterException($"{where}: this is no latency table: {OneLine(exception.Message)}", exception);
        }

        return TableRules.Problem(text) is { } problem
            ? throw new NasClusterException($"{where}: {problem}")
            : new LatencyTable(text.Model, text.Device, text.Measured, text.Protocol, text.Knots, [.. text.Sections.Select(s => s.ToSection())]);
    }

    private static string OneLine(string message)
    {
        const int longest = 400;
        var line = message.ReplaceLineEndings(" ");
        return line.Length <= longest ? line : line[..longest] + "...";
    }

    /// <summary>The table as its text has it.</summary>
    internal sealed record TableText(
        int Schema, LatencyModel Model, DeviceClass Device, DateTimeOffset Measured, TableProtocol Protocol, LayerKnots Knots, ImmutableArray<SectionText> Sections);

    /// <summary>A section as its text has it.</summary>
    internal sealed record SectionText(
        string Phase, int Batch, int Tokens, TimeText RestMs, ImmutableArray<TimeText> AttentionMs, ImmutableArray<TimeText> MlpMs,
        ImmutableArray<TimeText> BeyondMs, CheckText Fit, CheckText Check, double Noise)
    {
        internal static SectionText Of(LatencySection section) => new(
            Words.Of(section.Phase), section.Batch, section.Tokens, TimeText.Of(section.Rest), [.. section.Attention.Select(TimeText.Of)],
            [.. section.Mlp.Select(TimeText.Of)], [.. section.Beyond.Select(TimeText.Of)], CheckText.Of(section.Fit), CheckText.Of(section.Check), section.Noise);

        internal LatencySection ToSection() => new(
            Words.Parse<MeasuredPhase>(Phase), Batch, Tokens, RestMs.ToValue(), [.. AttentionMs.Select(a => a.ToValue())], [.. MlpMs.Select(m => m.ToValue())],
            [.. BeyondMs.Select(b => b.ToValue())], Fit.ToCheck(), Check.ToCheck(), Noise);
    }

    /// <summary>A time as its text has it.</summary>
    internal sealed record TimeText(double Value, double StandardError)
    {
        internal static TimeText Of(ObjectiveValue value) => new(value.Value, value.StandardError);

        internal ObjectiveValue ToValue() => new(Value, StandardError);
    }

    /// <summary>A check as its text has it.</summary>
    internal sealed record CheckText(int Networks, double MedianError, double NinetiethError, double WorstError, double KendallTau)
    {
        internal static CheckText Of(PredictionCheck check) => new(check.Networks, check.MedianError, check.NinetiethError, check.WorstError, check.KendallTau);

        internal PredictionCheck ToCheck() => new(Networks, MedianError, NinetiethError, WorstError, KendallTau);
    }
}
