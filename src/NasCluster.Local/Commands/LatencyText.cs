using System.Globalization;
using System.Text;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Evaluation.Measurements.Tables;

namespace NasCluster.Local.Commands;

/// <summary>A latency table for people.</summary>
internal static class LatencyText
{
    public static string Of(LatencyTable table)
    {
        var text = new StringBuilder();
        Line(text, $"device      {table.Device}");
        Line(text, $"measured    {table.Measured:yyyy-MM-dd HH:mm} UTC, {table.Protocol.Rounds} rounds of {table.Protocol.Repeats} calls, {table.Protocol.WarmUp} to warm up");
        foreach (var section in table.Sections)
        {
            Add(text, table, section);
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, LatencyTable table, LatencySection section)
    {
        text.Append('\n');
        var after = section.Phase == Evaluation.Measurements.MeasuredPhase.Decode ? $" and {table.Protocol.NewTokens} new ones" : "";
        Line(text, $"{Words.Of(section.Phase)}, batch {section.Batch}, {section.Tokens} tokens{after}: milliseconds");
        Entry(text, "rest", section.Rest);
        var knots = table.Knots;
        for (var i = 0; i < section.Attention.Length; i++)
        {
            var (groups, pairs) = (knots.KvGroups[i / knots.HeadPairs.Length], knots.HeadPairs[i % knots.HeadPairs.Length]);
            Entry(text, knots.HeadPairs.Length > 1 ? $"attention, {groups} KV groups, {pairs} pairs" : $"attention, {groups} KV groups", section.Attention[i]);
        }

        for (var i = 0; i < section.Mlp.Length; i++)
        {
            Entry(text, $"MLP, {knots.MlpChannels[i]} channels", section.Mlp[i]);
        }

        for (var i = 0; i < section.Beyond.Length; i++)
        {
            Entry(text, FormattableString.Invariant($"1 M weights beyond {knots.Sizes[i] / 1e6:0.00} M"), section.Beyond[i]);
        }

        var check = section.Check;
        Line(text, $"  {check.Networks} networks predicted and measured: error {Percent(check.MedianError)} in the median, {Percent(check.NinetiethError)} at most for 90 %, {Percent(check.WorstError)} the worst; Kendall's tau {check.KendallTau:0.000}");
        Line(text, $"  their measurements' own standard error {Percent(section.Noise)}; {section.Fit.Networks} networks it was worked out from: error {Percent(section.Fit.MedianError)} in the median, {Percent(section.Fit.WorstError)} the worst");
    }

    private static void Entry(StringBuilder text, string name, ObjectiveValue time) =>
        Line(text, $"  {name,-34} {time.Value,10:0.00000} ± {time.StandardError:0.00000}");

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
