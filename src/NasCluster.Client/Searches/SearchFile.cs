using NasCluster.Client.Connection;
using NasCluster.Core;
using NasCluster.Core.Catalog;
using NasCluster.Core.Specification;
using NasCluster.Specification;

namespace NasCluster.Client.Searches;

/// <summary>A search.yaml as a cluster takes it: read and checked here, its files stored there and named by their hash.</summary>
internal static class SearchFile
{
    /// <summary>Reads and checks the file; nothing is sent anywhere.</summary>
    /// <exception cref="NasClusterException">It cannot be read, or breaks a rule.</exception>
    public static SearchSpec Read(string file, IReadOnlyList<SpecOverride> overrides) =>
        SearchSpecReader.ReadFile(file, overrides).SpecOrThrow(file);

    /// <summary>The name of the super-network in the cluster.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="given">What the user calls it; null to take the last part of <c>model</c>.</param>
    /// <exception cref="NasClusterException">It is no name.</exception>
    public static string SuperNetworkOf(SearchSpec spec, string? given) =>
        CatalogName.Parse(given ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(spec.Model)), "super-network").Value;

    /// <summary>Stores the files that a specification names, and names them by what they hold.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="file">Where it was read; paths in it start there.</param>
    /// <param name="superNetwork">The super-network's name in the cluster.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="said">Told of every file that is sent.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The specification as the cluster takes it.</returns>
    public static async Task<string> StoreAsync(
        SearchSpec spec, string file, string superNetwork, ClusterConnection cluster, Action<string> said, CancellationToken cancellation)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var contents = cluster.Contents;
        var tasks = new List<TaskSpec>();
        foreach (var task in spec.Data.Tasks)
        {
            tasks.Add(task with { Path = await StoreAsync(task.Path) });
        }

        var text = spec.Data.Text is { } path ? await StoreAsync(path) : null;
        return SearchSpecWriter.Write(spec with
        {
            Model = superNetwork,
            Data = spec.Data with { Text = text, Tasks = [.. tasks] },
        });

        async Task<string> StoreAsync(string name)
        {
            var full = Path.GetFullPath(name, directory);
            try
            {
                await using var content = File.OpenRead(full);
                said($"storing {name}, {content.Length} bytes");
                return $"sha256:{await contents.PutAsync(content, cancellation)}";
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new NasClusterException($"{full}: cannot be read: {exception.Message}", exception);
            }
        }
    }
}
