using System.Net;
using NasCluster.Silo.Configuration;
using Orleans.Configuration;

namespace NasCluster.Silo.Hosting;

/// <summary>Tells Orleans how silos find each other and when one counts as dead.</summary>
internal static class ClusteringSetup
{
    /// <summary>The ADO.NET provider of PostgreSQL.</summary>
    public const string PostgreSqlInvariant = "Npgsql";

    public static void AddClustering(this ISiloBuilder silo, SiloSettings settings)
    {
        silo.Configure<ClusterOptions>(options =>
        {
            options.ClusterId = settings.Cluster;
            options.ServiceId = settings.Cluster;
        });
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = settings.Liveness.ProbeTimeout;
            options.NumMissedProbesLimit = settings.Liveness.MissedProbes;
            options.TableRefreshTimeout = 5 * settings.Liveness.ProbeTimeout;

            // Small clusters too must forget a dead silo soon: one silo's word is enough.
            options.NumVotesForDeathDeclaration = 1;
        });

        switch (settings.Clustering.Provider)
        {
            case ClusteringProvider.Localhost:
                silo.UseLocalhostClustering(
                    settings.SiloPort, settings.GatewayPort, new IPEndPoint(IPAddress.Loopback, settings.Clustering.PrimaryPort), settings.Cluster, settings.Cluster);
                return;
            case ClusteringProvider.PostgreSql:
                silo.UseAdoNetClustering(options =>
                {
                    options.Invariant = PostgreSqlInvariant;
                    options.ConnectionString = settings.Clustering.ConnectionString!;
                });
                break;
            case ClusteringProvider.AzureTables:
                silo.AddAzureTables(settings.Clustering.ConnectionString!);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(settings), settings.Clustering.Provider, null);
        }

        if (settings.Address is { } address)
        {
            silo.ConfigureEndpoints(IPAddress.Parse(address), settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: true);
        }
        else
        {
            silo.ConfigureEndpoints(settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: true);
        }
    }
}
