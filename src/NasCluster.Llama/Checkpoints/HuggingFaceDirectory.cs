using System.Text.Json;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Tokenizers;

namespace NasCluster.Llama.Checkpoints;

/// <summary>Writes networks in the Hugging Face layout: config.json, safetensors, and a tokenizer beside them.</summary>
public static class HuggingFaceDirectory
{
    internal const string ConfigFile = "config.json";
    internal const string SingleFile = "model.safetensors";
    internal const string IndexFile = "model.safetensors.index.json";

    /// <summary>Writes a network. Nothing is at <paramref name="path"/> until all of it is on disk.</summary>
    /// <remarks>
    /// Equal layers make a plain LlamaForCausalLM, unequal ones the layout with one entry per layer (<c>block_configs</c>), and so do heads
    /// that lack rotary pairs, which only we read (<c>head_pairs</c>). With output biases every projection gets a bias, of zeros where it has
    /// none, since the layout knows them all or not at all. Float32 keeps every bit; the narrower types round to nearest even.
    /// </remarks>
    /// <param name="checkpoint">The network.</param>
    /// <param name="path">The directory to make; it must not exist, or be empty.</param>
    /// <param name="type">How weights are stored.</param>
    /// <param name="maximumShardBytes">Most bytes of weights in one file, except that a tensor is never split.</param>
    /// <param name="tokenizerFile">A tokenizer's file, copied in as <c>tokenizer.model</c> or, if it is JSON, <c>tokenizer.json</c>; null for none.</param>
    /// <exception cref="NasClusterException">The directory is taken or cannot be written, or a weight does not fit the type.</exception>
    public static void Write(
        LlamaCheckpoint checkpoint, string path, WeightType type = WeightType.Float32, long maximumShardBytes = long.MaxValue, string? tokenizerFile = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumShardBytes, 1);
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var temporary = $"{target}.partial-{Environment.ProcessId}";
        try
        {
            if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            {
                throw new NasClusterException($"{path}: already there; a network is written to a new or empty directory.");
            }

            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }

            Directory.CreateDirectory(temporary);
            WriteFiles(checkpoint, temporary, path, type, maximumShardBytes);
            if (tokenizerFile is not null)
            {
                WriteBytes(Path.Combine(temporary, TokenizerFiles.NameInDirectory(tokenizerFile)), File.ReadAllBytes(tokenizerFile));
            }

            if (Directory.Exists(target))
            {
                Directory.Delete(target);
            }

            Directory.Move(temporary, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NasClusterException($"{path}: cannot be written: {FileText.OneLine(e.Message)}", e);
        }
        finally
        {
            RemoveLeftovers(temporary);
        }
    }

    /// <summary>The bytes of config.json.</summary>
    internal static byte[] Config(LlamaConfiguration configuration, WeightType type)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            WriteConfig(json, configuration, type);
        }

        return stream.ToArray();
    }

    private static void WriteConfig(Utf8JsonWriter json, LlamaConfiguration c, WeightType type)
    {
        if (c.Layers.IsEmpty)
        {
            throw new NasClusterException("The network has no layers; the Hugging Face layout needs at least one.");
        }

        var first = c.Layers[0];
        var plain = first is { KvHeadCount: > 0, IntermediateSize: > 0, HeadPairs: null } && c.Layers.All(l => l == first);
        var kvHeads = Math.Max(1, c.Layers.Max(l => l.KvHeadCount));
        json.WriteStartObject();
        json.WriteStartArray("architectures");
        json.WriteStringValue(plain ? HuggingFaceConfig.PlainArchitecture : HuggingFaceConfig.UnequalArchitecture);
        json.WriteEndArray();
        json.WriteString("model_type", plain ? HuggingFaceConfig.PlainType : HuggingFaceConfig.UnequalType);
        json.WriteNumber("vocab_size", c.VocabularySize);
        json.WriteNumber("hidden_size", c.HiddenSize);
        json.WriteNumber("intermediate_size", c.Layers.Max(l => l.IntermediateSize));
        json.WriteNumber("num_hidden_layers", c.Layers.Length);
        json.WriteNumber("num_attention_heads", kvHeads * c.QueryHeadsPerKvHead);
        json.WriteNumber("num_key_value_heads", kvHeads);
        json.WriteNumber("head_dim", c.HeadSize);
        json.WriteString("hidden_act", "silu");
        json.WriteBoolean("attention_bias", c.HasOutputBiases);
        json.WriteBoolean("mlp_bias", c.HasOutputBiases);
        json.WriteNumber("max_position_embeddings", c.MaximumPositions);
        json.WriteNumber("rms_norm_eps", c.NormEpsilon);
        json.WriteNumber("rope_theta", c.RopeTheta);
        RopeFields.Write(json, c.RopeScaling);
        json.WriteBoolean("tie_word_embeddings", c.TiedEmbeddings);
        json.WriteString("torch_dtype", type switch { WeightType.Float32 => "float32", WeightType.Float16 => "float16", _ => "bfloat16" });
        if (!plain)
        {
            BlockConfigs.Write(json, c);
        }

        json.WriteEndObject();
    }

    private static void WriteFiles(LlamaCheckpoint checkpoint, string directory, string shownPath, WeightType type, long maximumShardBytes)
    {
        WriteBytes(Path.Combine(directory, ConfigFile), Config(checkpoint.Configuration, type));
        var zeros = ZeroBiases.Of(checkpoint.Configuration).ToArray();
        TensorSpec[] specs = [.. TensorCatalog.Of(checkpoint.Configuration), .. zeros];
        WeightTensor[] tensors = [.. TensorCatalog.Tensors(checkpoint), .. zeros.Select(z => new ConstantTensor(z.Name, z.Rows, z.Columns, 0f))];
        var shards = SafetensorsWriter.Shards(specs, type, maximumShardBytes);
        var names = shards.Count == 1
            ? [SingleFile]
            : Enumerable.Range(1, shards.Count).Select(i => $"model-{i:D5}-of-{shards.Count:D5}.safetensors").ToArray();
        for (var i = 0; i < shards.Count; i++)
        {
            var file = Path.Combine(directory, names[i]);
            SafetensorsWriter.Write(file, specs.AsSpan()[shards[i]], tensors.AsSpan()[shards[i]], type, shownPath);
        }

        if (shards.Count > 1)
        {
            WriteBytes(Path.Combine(directory, IndexFile), Index(specs, shards, names, type));
        }
    }

    private static byte[] Index(TensorSpec[] specs, IReadOnlyList<Range> shards, string[] names, WeightType type)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartObject("metadata");
            json.WriteNumber("total_size", specs.Sum(s => SafetensorsWriter.Bytes(s, type)));
            json.WriteEndObject();
            json.WriteStartObject("weight_map");
            for (var i = 0; i < shards.Count; i++)
            {
                foreach (var spec in specs.AsSpan()[shards[i]])
                {
                    json.WriteString(spec.Name, names[i]);
                }
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteBytes(string path, byte[] bytes)
    {
        using var stream = new FileStream(path, FileMode.CreateNew);
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }

    private static void RemoveLeftovers(string temporary)
    {
        try
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that got us here matters more than a folder whose name says that it is partial.
        }
    }
}
