using NasCluster.Client.Connection;
using NasCluster.Contracts.Data;
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
    public static SearchSpec Read(string file, IReadOnlyList<SpecOverride> overrides) => SearchSpecReader.ReadFile(file, overrides).SpecOrThrow(file);

    /// <summary>Stores the files that a specification names, as far as the cluster has them not, and names them by what they hold.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="file">Where it was read; paths in it start there.</param>
    /// <param name="superNetwork">A super-network of the cluster to be taken in place of <c>model</c>; null for none.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="said">Told of every file that is sent.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The specification as the cluster takes it.</returns>
    public static async Task<string> StoreAsync(
        SearchSpec spec, string file, CatalogName? superNetwork, ClusterConnection cluster, Action<string> said, CancellationToken cancellation)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var files = new StoredFiles(cluster, said);
        var tasks = new List<TaskSpec>();
        foreach (var task in spec.Data.Tasks)
        {
            tasks.Add(task with { Path = await HashAsync(task.Path) });
        }

        return SearchSpecWriter.Write(spec with
        {
            Model = superNetwork?.Value ?? await ModelAsync(),
            Tokenizer = spec.Tokenizer is { } tokenizer ? await HashAsync(tokenizer) : null,
            Data = spec.Data with { Text = spec.Data.Text is { } text ? await HashAsync(text) : null, Tasks = [.. tasks] },
        });

        // A file that is here, or the name of data that is there.
        async Task<string> HashAsync(string name)
        {
            var path = Path.GetFullPath(name, directory);
            var stored = File.Exists(path) ? null : await cluster.Data.FindAsync(StoredDataKind.Data, name, cancellation);
            return $"sha256:{stored?.Hash ?? await files.PutAsync(path, cancellation)}";
        }

        async Task<string> ModelAsync()
        {
            var path = Path.GetFullPath(spec.Model, directory);
            if (!Path.Exists(path))
            {
                return CatalogName.Parse(spec.Model, "super-network").Value; // Whether it has one of that name the cluster says.
            }

            var name = Names.OfModel(path);
            await files.PutSuperNetworkAsync(path, name, cancellation);
            return name.Value;
        }
    }
}
