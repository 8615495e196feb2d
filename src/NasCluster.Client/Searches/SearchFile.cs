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

    /// <summary>The super-network of the cluster that is meant.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="file">Where it was read; paths in it start there.</param>
    /// <param name="given">What the user calls it; null to go by <c>model</c>.</param>
    /// <returns>Its name; null when <c>model</c> is here, to be stored.</returns>
    /// <exception cref="NasClusterException">It is neither here nor a name.</exception>
    public static CatalogName? SuperNetworkOf(SearchSpec spec, string file, string? given) =>
        given is null && StoredFiles.IsModel(PathOf(spec.Model, file)) ? null : CatalogName.Parse(given ?? spec.Model, "super-network");

    /// <summary>Stores the files that a specification names, as far as the cluster has them not, and names them by what they hold.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="file">Where it was read; paths in it start there.</param>
    /// <param name="superNetwork">What <see cref="SuperNetworkOf"/> says.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="said">Told of every file that is sent.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The specification as the cluster takes it.</returns>
    public static async Task<string> StoreAsync(
        SearchSpec spec, string file, CatalogName? superNetwork, ClusterConnection cluster, Action<string> said, CancellationToken cancellation)
    {
        var files = new StoredFiles(cluster, said);
        var tasks = new List<TaskSpec>();
        foreach (var task in spec.Data.Tasks)
        {
            tasks.Add(Directory.Exists(PathOf(task.Path, file))
                ? throw new NasClusterException($"data.tasks.{task.Name} is the folder {task.Path}; a cluster takes a single file. Name the file that is evaluated, or search with nas.")
                : task with { Path = await HashAsync(task.Path) });
        }

        return SearchSpecWriter.Write(spec with
        {
            Model = superNetwork?.Value ?? await ModelAsync(),
            Tokenizer = spec.Tokenizer is { } tokenizer ? await HashAsync(tokenizer) : null,
            Data = spec.Data with { Text = spec.Data.Text is { } text ? await HashAsync(text) : null, Tasks = [.. tasks] },
            Measurement = spec.Measurement with { Table = spec.Measurement.Table is { } table ? await HashAsync(table) : null },
        });

        // A file that is here, or the name of data that is there.
        async Task<string> HashAsync(string name)
        {
            var path = PathOf(name, file);
            var stored = File.Exists(path) ? null : await cluster.Data.FindAsync(StoredDataKind.Data, name, cancellation);
            return $"sha256:{stored?.Hash ?? await files.PutAsync(path, cancellation)}";
        }

        async Task<string> ModelAsync()
        {
            var path = PathOf(spec.Model, file);
            var name = Names.OfModel(path);
            await files.PutSuperNetworkAsync(path, name, cancellation);
            return name.Value;
        }
    }

    private static string PathOf(string name, string file) => Path.GetFullPath(name, Path.GetDirectoryName(Path.GetFullPath(file))!);
}
