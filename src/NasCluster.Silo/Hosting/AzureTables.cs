#if AZURE_TABLES
using Azure.Data.Tables;
#else
using NasCluster.Core;
#endif

namespace NasCluster.Silo.Hosting;

/// <summary>Membership in Azure Storage tables: the one place that needs their package, which not every feed serves.</summary>
internal static class AzureTables
{
    public static void AddAzureTables(this ISiloBuilder silo, string connectionString)
    {
#if AZURE_TABLES
        silo.UseAzureStorageClustering(options => options.TableServiceClient = new TableServiceClient(connectionString));
#else
        throw new NasClusterException("Clustering.Provider is AzureTables; this program was built without them (-p:AzureTables=false).");
#endif
    }
}
