using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NasCluster.Contracts.Data;
using NasCluster.Contracts.Evaluators;
using NasCluster.Contracts.Searches;
using NasCluster.Contracts.Security;
using NasCluster.Core;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Contents;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Serialization;

namespace NasCluster.Client.Connection;

/// <summary>A connection to a cluster.</summary>
internal sealed class ClusterConnection : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly IHost _host;
    private readonly IGrainFactory _grains;

    private ClusterConnection(IHost host)
    {
        _host = host;
        _grains = host.Services.GetRequiredService<IClusterClient>();
    }

    /// <summary>The catalog of searches.</summary>
    public ISearchCatalogGrain Searches => _grains.GetGrain<ISearchCatalogGrain>(0);

    /// <summary>The catalog of data.</summary>
    public IDataCatalogGrain Data => _grains.GetGrain<IDataCatalogGrain>(0);

    /// <summary>What makes searches ready.</summary>
    public IPreparationGrain Preparation => _grains.GetGrain<IPreparationGrain>(0);

    /// <summary>The directory of evaluators.</summary>
    public IEvaluatorDirectoryGrain Evaluators => _grains.GetGrain<IEvaluatorDirectoryGrain>(0);

    /// <summary>The cluster's contents.</summary>
    public IContentStore Contents => new ContentStore(new RemoteContentCells(ContentCells), (hash, cancellation) => new(Data.AdmitAsync(hash, cancellation)));

    /// <summary>The cells that hold them.</summary>
    public IContentCellsGrain ContentCells => _grains.GetGrain<IContentCellsGrain>(0);

    /// <summary>A search.</summary>
    public IPopulationGrain Search(string name) => _grains.GetGrain<IPopulationGrain>(name);

    /// <summary>The front of a search.</summary>
    public IParetoArchiveGrain Archive(string name) => _grains.GetGrain<IParetoArchiveGrain>(name);

    /// <summary>Connects.</summary>
    /// <exception cref="ClusterUnreachableException">Nothing answers there, or it refuses this client.</exception>
    public static async Task<ClusterConnection> OpenAsync(ClusterAddress address, CancellationToken cancellation)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (address.Cluster, address.Cluster));
            client.Services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add("NasCluster"));
            client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
            if (address.Gateway is { } gateway)
            {
                client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, address.GatewayPort ?? gateway.Port));
                RelayedConnections.Use(client.Services, gateway);
            }
            else if (address.Tables is { } tables)
            {
                client.AddAzureTables(tables);
            }
            else
            {
                client.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", address.Database!));
            }

            if (address.Certificate is { } files)
            {
                AddTls(client, files);
            }
        });
        var host = builder.Build();
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(Patience);
            await host.StartAsync(patience.Token).WaitAsync(patience.Token);
            return new ClusterConnection(host);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && exception is not NasClusterException)
        {
            host.Dispose();
            var where = address.Gateway is { } gateway ? $"at {gateway}" : address.Tables is null ? "by the database given" : "by the tables given";
            throw new ClusterUnreachableException($"No cluster '{address.Cluster}' can be reached {where}: {exception.Message.ReplaceLineEndings(" ")}", exception);
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

    private static void AddTls(IClientBuilder client, ClientCertificate files)
    {
        X509Certificate2 certificate;
        X509Certificate2 authority;
        try
        {
            certificate = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
            authority = X509CertificateLoader.LoadCertificateFromFile(files.Authority);
        }
        catch (Exception exception) when (exception is System.Security.Cryptography.CryptographicException or IOException)
        {
            throw new NasClusterException($"The certificate files cannot be used: {exception.Message}", exception);
        }

        client.UseTls(certificate, options =>
        {
            options.LocalCertificate = certificate;
            options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
            options.RemoteCertificateValidation = (remote, _, _) => CertificateAuthority.Signed(remote, authority);
            options.OnAuthenticateAsClient = (_, tls) => tls.TargetHost = certificate.GetNameInfo(X509NameType.DnsName, false);
        });
    }
}
