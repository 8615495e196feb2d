using System.Collections.Immutable;
using System.Text.Json;

namespace NasCluster.Core.Storage.Contents;

/// <summary>A file of a directory that is kept as contents.</summary>
/// <param name="Path">Where it is, from the directory on, with <c>/</c> between names.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Hash">SHA-256 of its bytes, in lower-case hexadecimal.</param>
public sealed record DirectoryFile(string Path, long Size, string Hash);

/// <summary>The files of a directory, such as a model as Hugging Face lays it out; itself a content, by whose hash the directory is known.</summary>
/// <remarks>
/// The same files give the same bytes, whatever the order they were found in. Paths are held to a rule by which none can lead
/// out of a directory, on any file system, since a manifest may come from anybody.
/// </remarks>
public sealed class DirectoryManifest
{
    /// <summary>The most files a directory may have.</summary>
    public const int MaximumFiles = 10_000;

    /// <summary>The most bytes a manifest may have.</summary>
    public const int MaximumSize = 8 << 20;

    private const int Schema = 1;
    private const int MaximumDepth = 8;
    private const int MaximumNameLength = 200;

    private DirectoryManifest(ImmutableArray<DirectoryFile> files) => Files = files;

    /// <summary>The files, by path in ordinal order.</summary>
    public ImmutableArray<DirectoryFile> Files { get; }

    /// <summary>Makes a manifest.</summary>
    /// <param name="files">The files, in any order.</param>
    /// <exception cref="NasClusterException">A path breaks the rule, or two cannot stand side by side, or there are too many or no files.</exception>
    public static DirectoryManifest Of(IEnumerable<DirectoryFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        ImmutableArray<DirectoryFile> ordered = [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)];
        if (ordered.Length is 0 or > MaximumFiles)
        {
            throw new NasClusterException($"The directory has {ordered.Length} files; it must have 1 to {MaximumFiles}.");
        }

        // Without regard to case, because some file systems have none.
        var paths = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in ordered)
        {
            ThrowIfInvalid(file);
            if (!paths.Add(file.Path))
            {
                throw new NasClusterException($"The directory has '{Shown(file.Path)}' twice; paths must differ by more than case.");
            }
        }

        foreach (var file in ordered)
        {
            for (var slash = file.Path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = file.Path.IndexOf('/', slash + 1))
            {
                if (paths.Contains(file.Path[..slash]))
                {
                    throw new NasClusterException($"The directory has '{Shown(file.Path[..slash])}' as a file and, for '{Shown(file.Path)}', as a directory.");
                }
            }
        }

        return new DirectoryManifest(ordered);
    }

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="NasClusterException">The bytes are none, were written by a newer program, or break a rule.</exception>
    public static DirectoryManifest Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4 });
            var schema = document.RootElement.GetProperty("schema").GetInt32();
            if (schema != Schema)
            {
                throw new NasClusterException($"The directory's manifest has schema {schema}; this program reads schema {Schema}.");
            }

            return Of(document.RootElement.GetProperty("files").EnumerateArray().Select(file => new DirectoryFile(
                file.GetProperty("path").GetString() ?? "", file.GetProperty("size").GetInt64(), file.GetProperty("sha256").GetString() ?? "")).ToList());
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new NasClusterException($"This is no manifest of a directory: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    /// <summary>The manifest as JSON; equal manifests give equal bytes.</summary>
    public byte[] ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            json.WriteStartArray("files");
            foreach (var file in Files)
            {
                json.WriteStartObject();
                json.WriteString("path", file.Path);
                json.WriteNumber("size", file.Size);
                json.WriteString("sha256", file.Hash);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void ThrowIfInvalid(DirectoryFile file)
    {
        var names = file.Path.Split('/', MaximumDepth + 1);
        if (names.Length > MaximumDepth || !names.All(IsName))
        {
            throw new NasClusterException(
                $"'{Shown(file.Path)}' is no path of a directory kept as contents: it must be up to {MaximumDepth} names with '/' between them, each 1 to {MaximumNameLength} "
                + "of A-Z, a-z, 0-9, '.', '_', '-' and '+', with no '.' first or last.");
        }

        if (file.Size < 0 || !ContentHash.IsValid(file.Hash))
        {
            throw new NasClusterException($"'{Shown(file.Path)}' has {file.Size} bytes and the hash '{Shown(file.Hash)}'; it must have a size and a SHA-256 in lower-case hexadecimal.");
        }
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaximumNameLength && name[0] != '.' && name[^1] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+');

    private static string Shown(string text) =>
        new([.. text.Take(MaximumNameLength).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c), .. text.Length > MaximumNameLength ? "..." : ""]);
}
