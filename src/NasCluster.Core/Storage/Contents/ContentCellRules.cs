namespace NasCluster.Core.Storage.Contents;

/// <summary>What may be written into the cells of contents by those outside: whatever lies under a name is what the name says.</summary>
public static class ContentCellRules
{
    private const string Chunk = "chunk-";
    private const string Manifest = "content-";
    private const string Mark = "upload-";
    private const int LargestMark = 64;

    /// <summary>Refuses names of other cells.</summary>
    /// <exception cref="NasClusterException">It names no cell of a content.</exception>
    public static void CheckName(string name)
    {
        if (Parse(name) is null)
        {
            throw new NasClusterException("The cell is none of a content: it must be named chunk-, content- or upload- and 64 lower-case hexadecimal digits.");
        }
    }

    /// <summary>Refuses bytes that are not what the name says.</summary>
    /// <exception cref="NasClusterException">The name is none of a content's, or the bytes are something else.</exception>
    public static void Check(string name, ReadOnlySpan<byte> bytes)
    {
        CheckName(name);
        var (kind, hash) = Parse(name)!.Value;
        var isSound = kind switch
        {
            Chunk => bytes.Length is > 0 and <= ContentStore.ChunkSize && ContentStore.Hash(bytes) == hash,
            Manifest => ContentManifest.Decode(name, bytes) is not null,
            _ => bytes.Length is > 0 and <= LargestMark,
        };
        if (!isSound)
        {
            throw new NasClusterException($"The {bytes.Length} bytes for cell {name} are not what it must hold.");
        }
    }

    /// <summary>Whether a cell may be deleted from outside: only marks of uploads, which are hints.</summary>
    /// <exception cref="NasClusterException">It may not.</exception>
    public static void CheckDelete(string name)
    {
        if (Parse(name)?.Kind != Mark)
        {
            throw new NasClusterException("Only marks of uploads are deleted from outside.");
        }
    }

    private static (string Kind, string Hash)? Parse(string name)
    {
        foreach (var kind in (string[])[Chunk, Manifest, Mark])
        {
            if (name is not null && name.StartsWith(kind, StringComparison.Ordinal) && ContentHash.IsValid(name.AsSpan(kind.Length)))
            {
                return (kind, name[kind.Length..]);
            }
        }

        return null;
    }
}
