using Microsoft.Extensions.DependencyInjection;
using NasCluster.Core.Storage;
using Orleans.Storage;

namespace NasCluster.Grains.Storage;

/// <summary>The cells of the cluster, by owner.</summary>
public sealed class CellStorage([FromKeyedServices(CellStorage.ProviderName)] IGrainStorage storage)
{
    /// <summary>The grain storage that holds all cells.</summary>
    public const string ProviderName = "nascluster";

    private const string SearchOwner = "search";
    private const string CatalogOwner = "catalog";
    private const string ContentOwner = "content";

    /// <summary>The cells of a search.</summary>
    public IStateCells OfSearch(string name) => Of(SearchOwner, name);

    /// <summary>The cells of the catalogs.</summary>
    public IStateCells OfCatalog { get; } = new GrainStateCells(storage, GrainId.Create(CatalogOwner, "0"));

    /// <summary>The cells of contents by hash.</summary>
    public IStateCells OfContents { get; } = new GrainStateCells(storage, GrainId.Create(ContentOwner, "0"));

    private GrainStateCells Of(string owner, string key) => new(storage, GrainId.Create(owner, key));
}
