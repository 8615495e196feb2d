using System.Text.Json;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Checkpoints;

/// <summary>What a <c>config.json</c> says of rotary positions: in <c>rope_theta</c> and <c>rope_scaling</c>, or newer ones in <c>rope_parameters</c>.</summary>
internal static class RopeFields
{
    private const string Scaled = "rope_scaling";
    private const string Parameters = "rope_parameters";
    private const string Slowed = "llama3";
    private const double Largest = 1e15;

    /// <summary>Base of the frequencies.</summary>
    /// <exception cref="NasClusterException">It is no positive number, or given twice and differently.</exception>
    public static double Theta(JsonFields fields)
    {
        var plain = fields.Positive("rope_theta", Largest);
        var nested = fields.Object(Parameters)?.Positive("rope_theta", Largest);
        return plain is not null && nested is not null && plain != nested
            ? throw fields.Wrong("rope_theta", $"rope_parameters.rope_theta says {nested}")
            : plain ?? nested ?? 10_000;
    }

    /// <summary>How frequencies are slowed; null where they are not.</summary>
    /// <exception cref="NasClusterException">In a way that is not supported, or given twice and differently.</exception>
    public static RopeScaling? Scaling(JsonFields fields)
    {
        var (plain, nested) = (Read(fields, Scaled), Read(fields, Parameters));
        return plain is not null && fields.Has(Parameters) && plain != nested
            ? throw fields.Wrong(Scaled, "rope_parameters says otherwise")
            : plain ?? nested;
    }

    /// <summary>Writes <c>rope_scaling</c>.</summary>
    public static void Write(Utf8JsonWriter json, RopeScaling? scaling)
    {
        if (scaling is null)
        {
            json.WriteNull(Scaled);
            return;
        }

        json.WriteStartObject(Scaled);
        json.WriteString("rope_type", Slowed);
        json.WriteNumber("factor", scaling.Factor);
        json.WriteNumber("low_freq_factor", scaling.LowFrequencyFactor);
        json.WriteNumber("high_freq_factor", scaling.HighFrequencyFactor);
        json.WriteNumber("original_max_position_embeddings", scaling.OriginalPositions);
        json.WriteEndObject();
    }

    private static RopeScaling? Read(JsonFields fields, string name)
    {
        if (fields.Object(name) is not { } rope)
        {
            return null;
        }

        if (rope.Positive("partial_rotary_factor", double.MaxValue) is not (null or 1))
        {
            throw rope.Unsupported("partial_rotary_factor", "1");
        }

        var type = rope.String("rope_type") ?? rope.String("type");
        if (type == "default" || (type is null && name == Parameters))
        {
            return null;
        }

        if (type != Slowed)
        {
            throw fields.Unsupported(name, $"null or the type \"default\" or \"{Slowed}\"");
        }

        var factor = Required("factor");
        var low = Required("low_freq_factor");
        var high = Required("high_freq_factor");
        if (factor < 1)
        {
            throw rope.Wrong("factor", "it must be at least 1");
        }

        return low < high
            ? new RopeScaling(factor, low, high, rope.RequiredInteger("original_max_position_embeddings", 1, int.MaxValue))
            : throw rope.Wrong("low_freq_factor", $"it must be less than high_freq_factor ({high})");

        double Required(string key) => rope.Positive(key, Largest) ?? throw rope.Missing(key);
    }
}
