using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Costs;
using NasCluster.Llama.Checkpoints;
using NasCluster.Pipeline;
using NasCluster.Specification;

namespace NasCluster.Local.Commands;

/// <summary><c>nas inspect</c>: what a checkpoint is, and how large its space of sub-networks.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var model = OptionKinds.RequiredText("--model", "DIR|FILE", "The checkpoint: a Hugging Face directory or a llama2.c .bin file.");
        var set = OptionKinds.Settings("A key of search.yaml that shapes the space, such as --set space.depth=[3,4,5].");
        var format = OptionKinds.Word("--format", "text, or json for scripts.", "text", "json");
        var command = new Command("inspect", "Show a checkpoint's configuration, its parameters, and its space of sub-networks.") { model, set, format };
        command.SetAction(parsed =>
        {
            // Costs alone need no text, so the specification is complete with them as objectives.
            var overrides = new[] { new SpecOverride("model", parsed.GetRequiredValue(model), "--model"), new("objectives", "[parameters]", "inspect") }
                .Concat((parsed.GetValue(set) ?? []).Select(SpecOptions.Setting)).ToArray();
            var reading = SearchSpecReader.Read("", overrides);
            using var checkpoint = LlamaCheckpoints.Open(reading.SpecOrThrow(null).Model);
            var plan = Plan(reading, checkpoint);
            if (parsed.GetValue(format) == "json")
            {
                WriteJson(checkpoint, plan);
            }
            else
            {
                WriteText(checkpoint, plan);
            }
        });
        return command;
    }

    private static SearchPlan Plan(SpecReading reading, LlamaCheckpoint checkpoint)
    {
        try
        {
            return new SearchPlan(reading.Spec, checkpoint.Configuration);
        }
        catch (SpecificationException exception)
        {
            throw new SpecificationException(null, reading.Locate(exception.Problems));
        }
    }

    private static (LlamaConfiguration Largest, LlamaConfiguration Smallest) Extremes(SearchPlan plan) =>
        (plan.Configuration.Extract(plan.Space.Decode(plan.WholeGenome)), plan.Configuration.Extract(plan.Space.Decode(plan.Widths.SmallestGenome)));

    private static void WriteText(LlamaCheckpoint checkpoint, SearchPlan plan)
    {
        var network = checkpoint.Configuration;
        var (largest, smallest) = Extremes(plan);
        var parameters = CostModel.Parameters(network);
        var kvHeads = network.Layers.Select(l => l.KvHeadCount).Distinct().ToArray();
        var mlp = network.Layers.Select(l => l.IntermediateSize).Distinct().ToArray();
        Line("model", plan.Spec.Model);
        Line("fingerprint", checkpoint.Fingerprint);
        Line("layers", $"{network.Layers.Length}");
        Line("hidden size", $"{network.HiddenSize}");
        Line("MLP channels", string.Join(", ", mlp));
        var channels = network.Layers.Where(l => l.KvHeadCount > 0).Select(network.HeadChannels).DefaultIfEmpty(network.HeadSize).Distinct();
        Line("KV heads", $"{string.Join(", ", kvHeads)}, each read by {network.QueryHeadsPerKvHead} query heads of {string.Join(", ", channels)} channels");
        if (network.HasOutputBiases)
        {
            Line("biases", "after attention and MLP");
        }

        Line("vocabulary", $"{network.VocabularySize}{(network.TiedEmbeddings ? ", output head tied to the embedding" : "")}");
        var slowed = network.RopeScaling is { } scaling ? Invariant($", slow ones divided by {scaling.Factor} after {scaling.OriginalPositions} positions") : "";
        Line("positions", Invariant($"{network.MaximumPositions}, rope theta {network.RopeTheta}{slowed}"));
        Line("parameters", Invariant($"{parameters:#,0}, of them {CostModel.BlockParameters(network):#,0} in the layers"));
        Line("as float32", Invariant($"{CostModel.MemoryBytes(network, WeightFormat.Float32):#,0} bytes"));
        Line("MACs per token", Invariant($"{CostModel.MacsPerToken(network, network.MaximumPositions):#,0} at context {network.MaximumPositions}"));
        Line("space", Invariant($"{plan.Space.DistinctCount:#,0} sub-networks ({plan.Space.Cardinalities.Length} genes)"));
        Line("  depth", string.Join(", ", plan.Widths.Options.Depths));
        Lines("  MLP channels", LayerChoices.Lines(plan.Widths.Options.MlpWidths));
        Lines("  KV groups", LayerChoices.Lines(plan.Widths.Options.KvGroupCounts));
        Line("  largest", Invariant($"{CostModel.Parameters(largest):#,0} parameters"));
        Line("  smallest", Invariant($"{CostModel.Parameters(smallest):#,0} parameters"));
    }

    private static void WriteJson(LlamaCheckpoint checkpoint, SearchPlan plan)
    {
        var network = checkpoint.Configuration;
        var (largest, smallest) = Extremes(plan);
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("model", plan.Spec.Model);
            json.WriteString("fingerprint", checkpoint.Fingerprint);
            json.WritePropertyName("configuration");
            json.WriteRawValue(network.ToJson());
            json.WriteNumber("parameters", CostModel.Parameters(network));
            json.WriteNumber("block_parameters", CostModel.BlockParameters(network));
            json.WriteNumber("memory_bytes", CostModel.MemoryBytes(network, WeightFormat.Float32));
            json.WriteNumber("macs_per_token", CostModel.MacsPerToken(network, network.MaximumPositions));
            json.WriteStartObject("space");

            // A string: the count of a 7B model's space is beyond what JSON numbers hold exactly.
            json.WriteString("size", plan.Space.DistinctCount.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("genes", plan.Space.Cardinalities.Length);
            Numbers(json, "depth", plan.Widths.Options.Depths);
            NumbersByLayer(json, "mlp", plan.Widths.Options.MlpWidths);
            NumbersByLayer(json, "kv_groups", plan.Widths.Options.KvGroupCounts);
            json.WriteNumber("largest_parameters", CostModel.Parameters(largest));
            json.WriteNumber("smallest_parameters", CostModel.Parameters(smallest));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static void Numbers(Utf8JsonWriter json, string name, ImmutableArray<int> values)
    {
        json.WritePropertyName(name);
        Numbers(json, values);
    }

    private static void Numbers(Utf8JsonWriter json, ImmutableArray<int> values)
    {
        json.WriteStartArray();
        foreach (var value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>A list for each layer, equal or not, so that a script reads every model alike; no list when every layer keeps all it has.</summary>
    private static void NumbersByLayer(Utf8JsonWriter json, string name, ImmutableArray<ImmutableArray<int>> lists)
    {
        json.WriteStartArray(name);
        foreach (var values in lists)
        {
            Numbers(json, values);
        }

        json.WriteEndArray();
    }

    private static void Lines(string name, IReadOnlyList<string> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            Line(i == 0 ? name : "", values[i]);
        }
    }

    private static void Line(string name, string value) => Console.Out.WriteLine($"{name,-16}{value}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
