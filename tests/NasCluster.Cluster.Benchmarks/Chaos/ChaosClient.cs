using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NasCluster.Client.Connection;
using NasCluster.Contracts.Data;
using NasCluster.Contracts.Searches;
using NasCluster.Core;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Contents;
using Orleans.Configuration;
using Orleans.Serialization;

namespace NasCluster.Cluster.Benchmarks.Chaos;

/// <summary>A client that repeats what fails for as long as it takes.</summary>
internal sealed class ChaosClient : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly IHost _host;
    private readonly IClusterClient _grains;

    private ChaosClient(IHost host)
    {
        _host = host;
        _grains = host.Services.GetRequiredService<IClusterClient>();
    }

    public IContentStore Contents => new ContentStore(new RemoteContentCells(_grains.GetGrain<IContentCellsGrain>(0)));

    /// <summary>Calls that failed and were repeated.</summary>
    public int Repeated { get; private set; }

    public static async Task<ChaosClient> ConnectAsync(string database, CancellationToken cancellation)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("nascluster", "nascluster"));
            client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(15));
            client.Services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add("NasCluster"));
            client.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", database));
        });
        var host = builder.Build();
        await host.StartAsync(cancellation);
        return new ChaosClient(host);
    }

    public Task<string> PrepareAsync(string specification, CancellationToken cancellation) =>
        _grains.GetGrain<IPreparationGrain>(0).PrepareAsync(specification, cancellation);

    public Task StartAsync(SearchDefinition definition, CancellationToken cancellation) => RepeatAsync(
        async () =>
        {
            await _grains.GetGrain<ISearchCatalogGrain>(0).StartAsync(definition, cancellation);
            return true;
        },
        cancellation);

    /// <summary>Waits until a search is neither running nor paused.</summary>
    public async Task<SearchStanding> EndAsync(string name, CancellationToken cancellation)
    {
        while (true)
        {
            var searches = await RepeatAsync(async () => (await _grains.GetGrain<ISearchCatalogGrain>(0).ListAsync(cancellation)).ToArray(), cancellation);
            if (searches.FirstOrDefault(s => s.Name == name) is { State: not (SearchState.Running or SearchState.Paused) } ended)
            {
                return new SearchStanding(ended.State, ended.Reason);
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    /// <summary>The port of the silo that carries a search out; null when that cannot be told now.</summary>
    public async Task<int?> FindAsync(string name)
    {
        try
        {
            var address = await _grains.GetGrain<IManagementGrain>(0).GetActivationAddress(_grains.GetGrain<IPopulationGrain>(name)).AsTask().WaitAsync(Patience);
            return address?.Endpoint.Port;
        }
        catch (Exception exception) when (exception is TimeoutException or Orleans.Runtime.OrleansException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _host.StopAsync(new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
            // The goodbye is a courtesy.
        }

        _host.Dispose();
    }

    private async Task<T> RepeatAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested && exception is not NasClusterException { InnerException: null } or StateCellException)
            {
                Repeated++;
                await Task.Delay(Pause, cancellation);
            }
        }
    }
}
