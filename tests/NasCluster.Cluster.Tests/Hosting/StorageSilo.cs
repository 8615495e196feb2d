using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NasCluster.Grains.Storage;
using NasCluster.Silo.Configuration;
using NasCluster.Silo.Hosting;
using NasCluster.Silo.Hosting.PostgreSql;

namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>A silo in this process that has storage set up as the real one has, and does nothing else.</summary>
internal sealed class StorageSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private StorageSilo(IHost host) => _host = host;

    /// <summary>The cells as grains have them.</summary>
    public CellStorage Storage => _host.Services.GetRequiredService<CellStorage>();

    public static async Task<StorageSilo> StartAsync(StorageSettings storage)
    {
        await DatabaseTables.PrepareAsync(new SiloSettings { Storage = storage }, default);
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

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
