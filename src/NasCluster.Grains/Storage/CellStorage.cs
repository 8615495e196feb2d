using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using NasCluster.Core;
using NasCluster.Core.Catalog;
using NasCluster.Core.Storage;
using NasCluster.Core.Telemetry;
using Orleans.Storage;

namespace NasCluster.Grains.Storage;

/// <summary>The cells of the cluster, by owner.</summary>
/// <param name="storage">Where they are kept.</param>
/// <param name="metrics">Told how long storage takes; null when nobody counts.</param>
public sealed class CellStorage([FromKeyedServices(CellStorage.ProviderName)] IGrainStorage storage, SearchMetrics? metrics = null)
{
    /// <summary>The grain storage that holds all cells.</summary>
    public const string ProviderName = "nascluster";

    private const string SearchOwner = "search";
    private const string CatalogOwner = "catalog";
    private const string ContentOwner = "content";
    private const string CacheOwner = "cache";

    /// <summary>The cells of a search.</summary>
    /// <exception cref="NasClusterException">It is no name of a search: the keys of grains are whatever their callers say.</exception>
    public IStateCells OfSearch(string name) => Of(storage, metrics, SearchOwner, CatalogName.Parse(name, "search").Value);

    /// <summary>The cells of the catalogs.</summary>
    public IStateCells OfCatalog { get; } = Of(storage, metrics, CatalogOwner, "0");

    /// <summary>The cells of contents by hash.</summary>
    public IStateCells OfContents { get; } = Of(storage, metrics, ContentOwner, "0");

    /// <summary>The cells of a shard of remembered outcomes.</summary>
    public IStateCells OfCache(long shard) => Of(storage, metrics, CacheOwner, shard.ToString(CultureInfo.InvariantCulture));

    // The key says the owner's kind too, since databases look at nothing else.
    private static GrainStateCells Of(IGrainStorage storage, SearchMetrics? metrics, string owner, string key) =>
        new(storage, GrainId.Create(owner, $"{owner}.{key}"), metrics);
}
