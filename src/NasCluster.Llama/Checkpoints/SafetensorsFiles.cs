using NasCluster.Core;

namespace NasCluster.Llama.Checkpoints;

/// <summary>The mapped safetensors files of one checkpoint and the tensors in them, by name.</summary>
internal sealed class SafetensorsFiles : IDisposable
{
    private const int LongestIndex = 64 << 20;
    private readonly List<MappedFile> _files = [];
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    public IReadOnlyList<MappedFile> Files => _files;

    public IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    /// <summary>Opens model.safetensors, or every file that model.safetensors.index.json names.</summary>
    public static SafetensorsFiles Open(string directory)
    {
        var files = new SafetensorsFiles();
        try
        {
            files.OpenAll(directory);
            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var file in _files)
        {
            file.Dispose();
        }
    }

    private void OpenAll(string directory)
    {
        var single = Path.Combine(directory, HuggingFaceDirectory.SingleFile);
        var index = Path.Combine(directory, HuggingFaceDirectory.IndexFile);
        if (File.Exists(single))
        {
            Add(single);
        }
        else if (File.Exists(index))
        {
            AddShards(directory, index);
        }
        else
        {
            throw new NasClusterException(
                $"{directory}: neither {HuggingFaceDirectory.SingleFile} nor {HuggingFaceDirectory.IndexFile} inside; other formats "
                + "are not read.");
        }
    }

    private void AddShards(string directory, string index)
    {
        Dictionary<string, string> map;
        using (var file = MappedFile.Open(index))
        {
            map = file.Length <= LongestIndex
                ? SafetensorsIndex.Parse(file.Bytes(0, (int)file.Length).ToArray(), index)
                : throw new NasClusterException($"{index}: {file.Length} bytes; an index has at most {LongestIndex}.");
        }

        foreach (var shard in map.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            Add(Path.Combine(directory, shard));
        }

        foreach (var (name, shard) in map)
        {
            if (!_tensors.TryGetValue(name, out var tensor) || Path.GetFileName(tensor.File.Path) != shard)
            {
                throw new NasClusterException($"{index}: tensor {FileText.Quote(name)} should be in {shard}, but is not.");
            }
        }

        if (_tensors.Keys.FirstOrDefault(n => !map.ContainsKey(n)) is { } unlisted)
        {
            throw new NasClusterException(
                $"{_tensors[unlisted].File.Path}: tensor {FileText.Quote(unlisted)} is not listed in {Path.GetFileName(index)}.");
        }
    }

    private void Add(string path)
    {
        var file = MappedFile.Open(path);
        _files.Add(file);
        var start = (int)Math.Min(file.Length, SafetensorsHeader.LengthBytes + SafetensorsHeader.LongestHeader);
        var header = SafetensorsHeader.Parse(file.Bytes(0, start), file.Length, path);
        foreach (var entry in header.Entries)
        {
            if (!_tensors.TryAdd(entry.Name, new StoredTensor(file, header.DataStart + entry.Begin, entry)))
            {
                throw new NasClusterException(
                    $"{path}: tensor {FileText.Quote(entry.Name)} is also in {Path.GetFileName(_tensors[entry.Name].File.Path)}; a "
                    + "tensor must be in one file.");
            }
        }
    }

    /// <summary>Where a tensor lies.</summary>
    /// <param name="File">Its file.</param>
    /// <param name="Offset">Its first byte in the file.</param>
    /// <param name="Entry">What the header says about it.</param>
    internal sealed record StoredTensor(MappedFile File, long Offset, SafetensorsEntry Entry);
}
