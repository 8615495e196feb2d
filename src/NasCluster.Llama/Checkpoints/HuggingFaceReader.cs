using NasCluster.Core;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Checkpoints;

/// <summary>Opens Hugging Face directories, holding the tensors to the configuration and the configuration to the tensors.</summary>
internal static class HuggingFaceReader
{
    private const int LongestConfig = 16 << 20;

    public static FileCheckpoint Open(string directory)
    {
        var configFile = Path.Combine(directory, HuggingFaceDirectory.ConfigFile);
        if (!File.Exists(configFile))
        {
            throw new NasClusterException(
                $"{directory}: no {HuggingFaceDirectory.ConfigFile} inside; a model directory is one in the Hugging Face layout.");
        }

        var configuration = ReadConfig(configFile);
        var files = SafetensorsFiles.Open(directory);
        try
        {
            CheckExtras(configuration, files, directory);
            var checkpoint = new FileCheckpoint(configuration, spec => Find(spec, files, directory), files.Files);
            CheckTiedHead(checkpoint, files);
            CheckZeroBiases(configuration, files, directory);
            return checkpoint;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    private static LlamaConfiguration ReadConfig(string path)
    {
        using var file = MappedFile.Open(path);
        return file.Length <= LongestConfig
            ? HuggingFaceConfig.Parse(file.Bytes(0, (int)file.Length).ToArray(), path)
            : throw new NasClusterException($"{path}: {file.Length} bytes; a configuration has at most {LongestConfig}.");
    }

    private static MappedTensor Find(TensorSpec spec, SafetensorsFiles files, string directory)
    {
        if (!files.Tensors.TryGetValue(spec.Name, out var stored))
        {
            throw new NasClusterException(
                $"{directory}: tensor {spec.Name} is missing, which {HuggingFaceDirectory.ConfigFile} asks for with {Shape(spec)}.");
        }

        CheckShape(spec, stored);
        return new MappedTensor(stored.File, stored.Offset, Type(stored), spec.Name, spec.Rows, spec.Columns);
    }

    private static void CheckShape(TensorSpec spec, SafetensorsFiles.StoredTensor stored)
    {
        var shape = stored.Entry.Shape;
        ReadOnlySpan<long> expected = spec.IsVector ? [spec.Columns] : [spec.Rows, spec.Columns];
        if (!shape.AsSpan().SequenceEqual(expected))
        {
            throw new NasClusterException(
                $"{stored.File.Path}: tensor {spec.Name} is [{string.Join(", ", shape)}], "
                + $"but {HuggingFaceDirectory.ConfigFile} asks for {Shape(spec)}.");
        }
    }

    private static string Shape(TensorSpec spec) => spec.IsVector ? $"[{spec.Columns}]" : $"[{spec.Rows}, {spec.Columns}]";

    private static WeightType Type(SafetensorsFiles.StoredTensor stored) => stored.Entry.Type switch
    {
        "F32" => WeightType.Float32,
        "F16" => WeightType.Float16,
        "BF16" => WeightType.BFloat16,
        var other => throw new NasClusterException(
            $"{stored.File.Path}: tensor {stored.Entry.Name} has dtype {other}; weights must be F32, F16 or BF16."),
    };

    // A tensor nobody asks for means that the configuration describes another network: fewer layers, biases, adapters.
    private static void CheckExtras(LlamaConfiguration configuration, SafetensorsFiles files, string directory)
    {
        var expected = TensorCatalog.Of(configuration).Concat(ZeroBiases.Of(configuration)).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        var head = TensorCatalog.LmHead(configuration).Name;
        var extra = files.Tensors.Keys
            .Where(n => !expected.Contains(n) && !n.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) && n != head)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
        if (extra is not null)
        {
            throw new NasClusterException(
                $"{files.Tensors[extra].File.Path}: tensor {FileText.Quote(extra)} is not part of the network that "
                + $"{Path.Combine(directory, HuggingFaceDirectory.ConfigFile)} describes.");
        }
    }

    private static void CheckZeroBiases(LlamaConfiguration configuration, SafetensorsFiles files, string directory)
    {
        foreach (var spec in ZeroBiases.Of(configuration))
        {
            var bias = Find(spec, files, directory);
            var values = new float[bias.Columns];
            bias.ReadRow(0, values);
            var column = values.AsSpan().IndexOfAnyExcept(0f);
            if (column >= 0)
            {
                throw new NasClusterException(
                    $"{files.Tensors[spec.Name].File.Path}: tensor {spec.Name} is {values[column]} at place {column}; it must be zeros, since biases "
                    + "are supported of o_proj and down_proj only.");
            }
        }
    }

    // Some tools store the head of a tied network too. A copy is harmless; anything else says that the network is not tied.
    private static void CheckTiedHead(FileCheckpoint checkpoint, SafetensorsFiles files)
    {
        var spec = TensorCatalog.LmHead(checkpoint.Configuration);
        if (!checkpoint.Configuration.TiedEmbeddings || !files.Tensors.TryGetValue(spec.Name, out var stored))
        {
            return;
        }

        CheckShape(spec, stored);
        var head = new MappedTensor(stored.File, stored.Offset, Type(stored), spec.Name, spec.Rows, spec.Columns);
        var (a, b) = (new float[spec.Columns], new float[spec.Columns]);
        for (var row = 0; row < spec.Rows; row++)
        {
            head.ReadRow(row, a);
            checkpoint.EmbedTokens.ReadRow(row, b);
            if (!a.AsSpan().SequenceEqual(b))
            {
                throw new NasClusterException(
                    $"{stored.File.Path}: tensor {spec.Name} differs from {checkpoint.EmbedTokens.Name} in row {row}, "
                    + $"but tie_word_embeddings in {HuggingFaceDirectory.ConfigFile} is true.");
            }
        }
    }
}
