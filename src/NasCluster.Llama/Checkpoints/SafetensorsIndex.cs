using NasCluster.Core;

namespace NasCluster.Llama.Checkpoints;

/// <summary>Reads model.safetensors.index.json: which tensor lies in which file of a sharded checkpoint.</summary>
internal static class SafetensorsIndex
{
    /// <param name="json">The whole file.</param>
    /// <param name="file">For messages.</param>
    /// <returns>File names by tensor name; plain names of files in the same directory.</returns>
    /// <exception cref="NasClusterException">Malformed, or a file outside the directory.</exception>
    public static Dictionary<string, string> Parse(ReadOnlyMemory<byte> json, string file)
    {
        using var document = JsonFields.Parse(json, file);
        var map = JsonFields.Of(document, file).Object("weight_map") ?? throw new NasClusterException($"{file}: weight_map is missing.");
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in map.Names)
        {
            var shard = map.String(name) ?? throw map.Missing(FileText.OneLine(name));

            // A checkpoint from a stranger must not reach for files elsewhere.
            if (!shard.EndsWith(".safetensors", StringComparison.Ordinal) || shard.AsSpan().IndexOfAny("/\\:\0") >= 0)
            {
                throw map.Wrong(FileText.OneLine(name), "it must be the name of a .safetensors file in the same directory");
            }

            files.Add(name, shard);
        }

        return files.Count > 0 ? files : throw new NasClusterException($"{file}: weight_map is empty.");
    }
}
