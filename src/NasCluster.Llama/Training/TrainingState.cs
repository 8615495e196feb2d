using System.Collections.Immutable;
using System.Text.Json;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Training;

/// <summary>All that a training run needs to go on, as one safetensors file that is there whole or not at all.</summary>
/// <param name="Weights">The network.</param>
/// <param name="Averages">Of the optimiser: what it goes by besides the weights, each under a name of its own. Which they are is the optimiser's.</param>
/// <param name="Progress">Where the run is.</param>
public sealed record TrainingState(ParameterSet Weights, ImmutableArray<InMemoryTensor> Averages, TrainingProgress Progress)
{
    private const string ProgressKey = "nascluster.progress";
    private const string IdentityKey = "nascluster.identity";

    /// <summary>As the other, of averages in any order.</summary>
    public TrainingState(ParameterSet weights, IEnumerable<InMemoryTensor> averages, TrainingProgress progress)
        : this(weights, [.. averages], progress)
    {
    }

    /// <summary>One of the averages.</summary>
    /// <exception cref="NasClusterException">It is not there, or has another size.</exception>
    public InMemoryTensor Average(string name, int rows, int columns) =>
        Averages.FirstOrDefault(a => a.Name == name) is { } average && average.Values.Length == rows * columns
            ? average
            : throw new NasClusterException($"The saved training state has no {name} of {rows} x {columns} values; it must be one of the same optimiser.");

    /// <summary>Writes the file, replacing the one before only when all of this one is on disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">What the run is of, a line for each of network, data, space and options. Only the same run may go on from the file.</param>
    /// <exception cref="NasClusterException">It cannot be written, or a weight is not finite; the file before stays.</exception>
    public void Save(string path, string identity)
    {
        var partial = path + ".partial";
        try
        {
            File.Delete(partial);
            var catalog = TensorCatalog.Of(Weights.Configuration).ToArray();
            TensorSpec[] specs =
            [
                .. catalog,
                .. Averages.Select(a => new TensorSpec(a.Name, a.Rows, a.Columns, catalog.Any(s => s.IsVector && a.Name.EndsWith(s.Name, StringComparison.Ordinal)))),
            ];
            WeightTensor[] tensors = [.. Weights.Tensors, .. Averages];
            SafetensorsWriter.Write(partial, specs, tensors, WeightType.Float32, path, new Dictionary<string, string>
            {
                [IdentityKey] = identity,
                [ProgressKey] = JsonSerializer.Serialize(Progress),
            });
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NasClusterException($"{path}: the state of the training cannot be saved: {FileText.OneLine(e.Message)}", e);
        }
        finally
        {
            RemoveLeftover(partial);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="configuration">The network's shape.</param>
    /// <param name="identity">As in <see cref="Save"/>.</param>
    /// <exception cref="NasClusterException">It cannot be read, is damaged, or is of another run.</exception>
    public static TrainingState Load(string path, LlamaConfiguration configuration, string identity)
    {
        using var file = MappedFile.Open(path);
        var start = (int)Math.Min(file.Length, SafetensorsHeader.LengthBytes + SafetensorsHeader.LongestHeader);
        var header = SafetensorsHeader.Parse(file.Bytes(0, start), file.Length, path);
        if (!header.Texts.TryGetValue(IdentityKey, out var saved) || !header.Texts.TryGetValue(ProgressKey, out var progress))
        {
            throw new NasClusterException($"{path}: this is not the state of a training.");
        }

        if (saved != identity)
        {
            throw new NasClusterException($"{path}: the state of another training: {Difference(saved, identity)}.");
        }

        var entries = header.Entries.ToDictionary(e => e.Name, StringComparer.Ordinal);
        var weights = ParameterSet.Zero(configuration);
        foreach (var tensor in weights.Tensors)
        {
            Read(file, header, entries, tensor.Name, tensor);
        }

        var names = weights.Tensors.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        var averages = header.Entries.Where(e => !names.Contains(e.Name)).Select(entry =>
        {
            if (entry.Shape.Length is < 1 or > 2 || entry.Shape.Aggregate(1L, (a, b) => a * b) is < 1 or > int.MaxValue)
            {
                throw new NasClusterException($"{path}: {entry.Name} is no vector and no matrix with values in it.");
            }

            var (rows, columns) = ((int)entry.Shape[..^1].Aggregate(1L, (a, b) => a * b), (int)entry.Shape[^1]);
            var average = new InMemoryTensor(entry.Name, rows, columns, new float[rows * columns]);
            Read(file, header, entries, entry.Name, average);
            return average;
        });
        return new TrainingState(weights, averages, Parse(progress, path));
    }

    private static void Read(
        MappedFile file, SafetensorsHeader header, Dictionary<string, SafetensorsEntry> entries, string name, InMemoryTensor tensor)
    {
        if (!entries.TryGetValue(name, out var entry) || entry.Type != "F32" || entry.Shape.Aggregate(1L, (a, b) => a * b) != tensor.Values.Length)
        {
            throw new NasClusterException($"{file.Path}: {name} must be there as F32 with {tensor.Values.Length} values.");
        }

        for (var row = 0; row < tensor.Rows; row++)
        {
            var bytes = file.Bytes(header.DataStart + entry.Begin + ((long)row * tensor.Columns * sizeof(float)), tensor.Columns * sizeof(float));
            RowConversion.ToSingle(WeightType.Float32, bytes, tensor.Values.AsSpan(row * tensor.Columns, tensor.Columns));
        }
    }

    private static TrainingProgress Parse(string json, string path)
    {
        try
        {
            var progress = JsonSerializer.Deserialize<TrainingProgress>(json);
            return progress is { Step: >= 0, Curve.IsDefault: false }
                ? progress
                : throw new NasClusterException($"{path}: {ProgressKey} is incomplete.");
        }
        catch (JsonException e)
        {
            throw new NasClusterException($"{path}: {ProgressKey} is not valid JSON: {FileText.OneLine(e.Message)}", e);
        }
    }

    private static string Difference(string saved, string now)
    {
        var (a, b) = (saved.Split('\n'), now.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(a.Length, b.Length)).First(i => a.ElementAtOrDefault(i) != b.ElementAtOrDefault(i));
        return $"it has '{a.ElementAtOrDefault(line)}' where this one has '{b.ElementAtOrDefault(line)}'";
    }

    private static void RemoveLeftover(string partial)
    {
        try
        {
            File.Delete(partial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What went wrong before matters more than a file whose name says that it is partial.
        }
    }
}
