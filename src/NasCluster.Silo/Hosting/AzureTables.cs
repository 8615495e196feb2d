#if AZURE_TABLES
using Azure.Data.Tables;
using Azure.Identity;
using NasCluster.Contracts.Security;
#else
using NasCluster.Core;
#endif

namespace NasCluster.Silo.Hosting;

/// <summary>Membership in Azure Storage tables: the one place that needs their package, which not every feed serves.</summary>
internal static class AzureTables
{
#if AZURE_TABLES
    public static void AddAzureTables(this ISiloBuilder silo, string connection) =>
        silo.UseAzureStorageClustering(options => options.TableServiceClient = (TableServiceClient)Client(connection));

    /// <summary>The service that a connection string or an address means; at an address this process proves itself by its Entra ID identity.</summary>
    /// <exception cref="NasCluster.Core.NasClusterException">It is an address that cannot be used.</exception>
    public static object Client(string connection) => AzureEndpoint.TryParse(connection, "table", out var address)
        ? new TableServiceClient(address, new DefaultAzureCredential())
        : new TableServiceClient(connection);
#else
    public static void AddAzureTables(this ISiloBuilder silo, string connection) => Client(connection);

    /// <exception cref="NasClusterException">Always.</exception>
    public static object Client(string connection) => throw new NasClusterException("is for Azure tables; this program was built without them (-p:AzureTables=false).");
#endif
}
