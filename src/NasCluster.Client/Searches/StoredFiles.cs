using NasCluster.Client.Connection;
using NasCluster.Contracts.Data;
using NasCluster.Core;
using NasCluster.Core.Catalog;
using NasCluster.Core.Storage.Contents;

namespace NasCluster.Client.Searches;

/// <summary>Stores files and model directories in the cluster. What is there already is not sent again.</summary>
internal sealed class StoredFiles(ClusterConnection cluster, Action<string> said)
{
    /// <summary>Whether a path looks like a model: nothing else is sent as one, or a slip of the pen would send a whole disk.</summary>
    public static bool IsModel(string path) =>
        File.Exists(Path.Combine(path, "config.json")) || (File.Exists(path) && path.EndsWith(".bin", StringComparison.OrdinalIgnoreCase));

    /// <summary>Stores a file.</summary>
    /// <returns>SHA-256 of what it holds.</returns>
    /// <exception cref="NasClusterException">It cannot be read.</exception>
    public async Task<string> PutAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous);
            said($"storing {path}, {content.Length} bytes");
            return await cluster.Contents.PutAsync(content, cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new NasClusterException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Stores a text, or questions, and gives it a name.</summary>
    /// <returns>What is stored.</returns>
    /// <exception cref="NasClusterException">It cannot be read, or the name is taken by another.</exception>
    public async Task<StoredData> PutDataAsync(string path, CatalogName name, CancellationToken cancellation)
    {
        var hash = await PutAsync(path, cancellation);
        return await AddAsync(new StoredData(StoredDataKind.Data, name.Value, hash, new FileInfo(path).Length, DateTimeOffset.UtcNow), cancellation);
    }

    /// <summary>Stores a model and gives it a name.</summary>
    /// <param name="path">A Hugging Face directory, or a llama2.c file; the <c>.model</c> files beside that go with it.</param>
    /// <param name="name">Its name in the cluster.</param>
    /// <param name="cancellation">Gives up; the next attempt goes on where this one ended.</param>
    /// <returns>What is stored.</returns>
    /// <exception cref="NasClusterException">It cannot be read, is no model, or the name is taken by another.</exception>
    public async Task<StoredData> PutSuperNetworkAsync(string path, CatalogName name, CancellationToken cancellation)
    {
        if (!IsModel(path))
        {
            throw new NasClusterException($"{path} is no model: it must be a directory with a config.json, or a .bin file.");
        }

        said($"storing super-network {name} from {path}");
        var (hash, bytes) = Directory.Exists(path) ? await PutDirectoryAsync(path, cancellation) : await PutModelFileAsync(path, cancellation);
        return await AddAsync(new StoredData(StoredDataKind.SuperNetwork, name.Value, hash, bytes, DateTimeOffset.UtcNow), cancellation);
    }

    private async Task<StoredData> AddAsync(StoredData data, CancellationToken cancellation)
    {
        await cluster.Data.AddAsync(data, cancellation);
        return data;
    }

    private async Task<(string Hash, long Bytes)> PutDirectoryAsync(string path, CancellationToken cancellation)
    {
        var hash = await DirectoryContents.PutAsync(path, cluster.Contents, cancellation);
        var manifest = await DirectoryContents.ReadManifestAsync(hash, cluster.Contents, cancellation);
        return (hash, manifest.Files.Sum(f => f.Size));
    }

    private async Task<(string Hash, long Bytes)> PutModelFileAsync(string path, CancellationToken cancellation)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var files = new List<DirectoryFile>();
        foreach (var file in Directory.GetFiles(directory, "*.model").Prepend(Path.GetFullPath(path)))
        {
            files.Add(new DirectoryFile(Path.GetFileName(file), new FileInfo(file).Length, await PutAsync(file, cancellation)));
        }

        var manifest = DirectoryManifest.Of(files.OrderBy(f => f.Path, StringComparer.Ordinal));
        return (await cluster.Contents.PutAsync(new MemoryStream(manifest.ToJson()), cancellation), files.Sum(f => f.Size));
    }
}
