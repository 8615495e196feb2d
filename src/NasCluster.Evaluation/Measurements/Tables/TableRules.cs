using System.Collections.Immutable;
using System.Numerics;
using NasCluster.Core.Specification;

namespace NasCluster.Evaluation.Measurements.Tables;

/// <summary>What a latency table's text must keep beyond its types.</summary>
internal static class TableRules
{
    private const int LongestText = 500;
    private const int MostKnots = 4096;
    private const int MostSections = 256;
    private const int Largest = 1 << 30;

    /// <summary>The first rule that is broken, as a sentence; null when none is.</summary>
    internal static string? Problem(LatencyTableJson.TableText table)
    {
        if (table.Schema != 1)
        {
            return $"schema is {table.Schema}; this version reads 1.";
        }

        return OfHead(table) ?? OfKnots(table.Knots) ?? OfSections(table);
    }

    private static string? OfHead(LatencyTableJson.TableText table) =>
        Text("model.fingerprint", table.Model.Fingerprint)
        ?? Count("model.vocabulary_size", table.Model.VocabularySize) ?? Count("model.hidden_size", table.Model.HiddenSize)
        ?? Count("model.head_size", table.Model.HeadSize) ?? Count("model.query_heads_per_kv_head", table.Model.QueryHeadsPerKvHead)
        ?? Text("device.engine", table.Device.Engine) ?? Text("device.precision", table.Device.Precision) ?? Text("device.device", table.Device.Device)
        ?? Text("device.hardware", table.Device.Hardware) ?? Count("device.threads", table.Device.Threads)
        ?? Count("protocol.new_tokens", table.Protocol.NewTokens) ?? Count("protocol.warm_up", table.Protocol.WarmUp, 0)
        ?? Count("protocol.repeats", table.Protocol.Repeats) ?? Count("protocol.rounds", table.Protocol.Rounds)
        ?? (table.Protocol.Seed < 0 ? $"protocol.seed is {table.Protocol.Seed}; it must be 0 or more." : null);

    private static string? OfKnots(LayerKnots knots) =>
        Ascending("knots.kv_groups", knots.KvGroups) ?? Ascending("knots.head_pairs", knots.HeadPairs) ?? Ascending("knots.mlp_channels", knots.MlpChannels)
        ?? Ascending("knots.sizes", knots.Sizes)
        ?? (knots.KvGroups.IsEmpty != knots.HeadPairs.IsEmpty ? "knots.kv_groups and knots.head_pairs must both have entries, or neither." : null);

    private static string? OfSections(LatencyTableJson.TableText table)
    {
        if (table.Sections.IsDefaultOrEmpty || table.Sections.Length > MostSections)
        {
            return $"sections must have 1 to {MostSections} entries.";
        }

        var seen = new HashSet<(string, int, int)>();
        for (var i = 0; i < table.Sections.Length; i++)
        {
            var place = $"sections[{i}]";
            if (table.Sections[i] is not { } section)
            {
                return $"{place} is null.";
            }

            if (OfSection(place, section, table.Knots) is { } problem)
            {
                return problem;
            }

            if (!seen.Add((section.Phase, section.Batch, section.Tokens)))
            {
                return $"{place} is of {section.Phase}, batch {section.Batch} and {section.Tokens} tokens again; each may be there once.";
            }
        }

        return null;
    }

    private static string? OfSection(string place, LatencyTableJson.SectionText section, LayerKnots knots)
    {
        var phases = Words.All<MeasuredPhase>();
        return (phases.Contains(section.Phase) ? null : $"{place}.phase must be one of {string.Join(", ", phases)}.")
            ?? Count($"{place}.batch", section.Batch) ?? Count($"{place}.tokens", section.Tokens, 2)
            ?? Time($"{place}.rest_ms", section.RestMs)
            ?? Times($"{place}.attention_ms", section.AttentionMs, knots.AttentionCount) ?? Times($"{place}.mlp_ms", section.MlpMs, knots.MlpChannels.Length)
            ?? Times($"{place}.beyond_ms", section.BeyondMs, knots.Sizes.Length)
            ?? Check($"{place}.fit", section.Fit) ?? Check($"{place}.check", section.Check) ?? NotNegative($"{place}.noise", section.Noise);
    }

    private static string? Times(string place, ImmutableArray<LatencyTableJson.TimeText> times, int count) => times.IsDefault || times.Length != count
        ? $"{place} must have {count} entries, one for each option."
        : times.Select((time, i) => Time($"{place}[{i}]", time)).FirstOrDefault(p => p is not null);

    private static string? Time(string place, LatencyTableJson.TimeText? time) => time is null
        ? $"{place} is null."
        : NotNegative($"{place}.value", time.Value) ?? NotNegative($"{place}.standard_error", time.StandardError);

    private static string? Check(string place, LatencyTableJson.CheckText check) =>
        Count($"{place}.networks", check.Networks) ?? NotNegative($"{place}.median_error", check.MedianError)
        ?? NotNegative($"{place}.ninetieth_error", check.NinetiethError) ?? NotNegative($"{place}.worst_error", check.WorstError)
        ?? (Math.Abs(check.KendallTau) <= 1 ? null : $"{place}.kendall_tau must be in [-1, 1].");

    private static string? Ascending<T>(string place, ImmutableArray<T> knots)
        where T : IBinaryInteger<T>
    {
        if (knots.IsDefault || knots.Length > MostKnots)
        {
            return $"{place} must have at most {MostKnots} entries.";
        }

        for (var i = 0; i < knots.Length; i++)
        {
            if (knots[i] < T.One || (i > 0 && knots[i] <= knots[i - 1]))
            {
                return $"{place}[{i}] is {knots[i]}; entries must ascend strictly, from 1.";
            }
        }

        return null;
    }

    private static string? Text(string place, string text) =>
        text.Length is > 0 and <= LongestText && !text.Any(char.IsControl) ? null : $"{place} must have 1 to {LongestText} letters on one line.";

    private static string? Count(string place, int count, int least = 1) =>
        count >= least && count <= Largest ? null : $"{place} is {count}; it must be in [{least}, {Largest}].";

    private static string? NotNegative(string place, double value) => double.IsFinite(value) && value is >= 0 and < 1e300 ? null : $"{place} must be a number from 0.";
}
