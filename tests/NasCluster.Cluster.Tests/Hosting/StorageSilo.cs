using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NasCluster.Core.Storage;
using NasCluster.Grains.Storage;
using NasCluster.Silo.Configuration;
using NasCluster.Silo.Hosting;
using Orleans.Storage;

namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>A silo in this process that has storage set up as the real one has, and does nothing else.</summary>
internal sealed class StorageSilo : IAsyncDisposable
{
    private readonly IHost _host;
    private int _owners;

    private StorageSilo(IHost host) => _host = host;

    /// <summary>The cells as grains have them.</summary>
    public CellStorage Storage => _host.Services.GetRequiredService<CellStorage>();

    public static async Task<StorageSilo> StartAsync(StorageSettings storage)
    {
        var ports = FreePorts.Take(2);
        var name = $"test-{Guid.NewGuid():n}"; // Also the service's name, by which tables tell clusters apart.
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<CellStorage>();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(ports[0], ports[1], null, name, name);
            silo.AddStorage(storage);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new StorageSilo(host);
    }

    /// <summary>Cells of an owner that has none yet.</summary>
    public IStateCells NewCells() => Storage.OfSearch($"search-{Interlocked.Increment(ref _owners)}");

    /// <summary>Cells of an owner of another name.</summary>
    public IStateCells CellsOf(string type, string key) =>
        new GrainStateCells(_host.Services.GetRequiredKeyedService<IGrainStorage>(CellStorage.ProviderName), GrainId.Create(type, key));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
