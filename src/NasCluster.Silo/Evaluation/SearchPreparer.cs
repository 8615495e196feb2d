using NasCluster.Core;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Contents;
using NasCluster.Grains.Data;
using NasCluster.Pipeline.Prepared;

namespace NasCluster.Silo.Evaluation;

/// <inheritdoc cref="ISearchPreparer"/>
internal sealed class SearchPreparer(SuperNetworkDirectory networks, IContentStore contents, ContentCache cache) : ISearchPreparer
{
    public async ValueTask<string> PrepareAsync(string specification, CancellationToken cancellation)
    {
        var spec = StoredSpecification.Read(specification);
        var model = networks.Find(spec.Model) ?? throw new NasClusterException($"model is '{spec.Model}'; this cluster has no super-network of that name.");
        var leases = new List<ContentLease>();
        try
        {
            var paths = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var hash in StoredSpecification.HashesOf(spec).Distinct(StringComparer.Ordinal))
            {
                var lease = await cache.GetAsync(hash, contents, cancellation);
                leases.Add(lease);
                paths.Add(hash, lease.Path);
            }

            var preparation = SearchPreparation.Prepare(
                spec, specification, networks.Identify(model), new SearchFiles(model, Resolve: name => paths[StoredSpecification.HashOf(name)]));
            foreach (var part in Enum.GetValues<SearchPart>())
            {
                if (preparation.OpenSetFile(part) is { } file)
                {
                    await using var _ = file;
                    await contents.PutAsync(file, cancellation);
                }
            }

            return preparation.Search.ToJson();
        }
        finally
        {
            leases.ForEach(lease => lease.Dispose());
        }
    }
}
