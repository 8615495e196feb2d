#if AZURE_TABLES
using Azure.Data.Tables;
using Azure.Identity;
using NasCluster.Contracts.Security;
#endif
using NasCluster.Core;

namespace NasCluster.Client.Connection;

/// <summary>Gateways found in Azure Storage tables: the one place that needs their package, which not every feed serves.</summary>
internal static class AzureTables
{
    /// <summary>Has a client find gateways in the tables that a connection string or an address means; at an address by the user's Entra ID identity.</summary>
    /// <exception cref="NasClusterException">It is neither, or this program was built without them.</exception>
    public static void AddAzureTables(this IClientBuilder client, string connection)
    {
#if AZURE_TABLES
        TableServiceClient service;
        try
        {
            service = AzureEndpoint.TryParse(connection, "table", out var address) ? new TableServiceClient(address, new DefaultAzureCredential()) : new TableServiceClient(connection);
        }
        catch (NasClusterException exception)
        {
            throw new NasClusterException($"--azure-tables {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            // Neither the text nor what the parser says of it: there are secrets in it.
            throw new NasClusterException("--azure-tables is no connection string of a storage account with tables.", exception);
        }

        client.UseAzureStorageClustering(options => options.TableServiceClient = service);
#else
        throw new NasClusterException("--azure-tables needs Azure tables; this program was built without them (-p:AzureTables=false).");
#endif
    }
}
