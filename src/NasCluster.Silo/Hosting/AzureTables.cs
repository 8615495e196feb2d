using NasCluster.Core;
#if AZURE_TABLES
using Azure.Data.Tables;
#endif

namespace NasCluster.Silo.Hosting;

/// <summary>Membership in Azure Storage tables: the one place that needs their package, which not every feed serves.</summary>
internal static class AzureTables
{
    /// <summary>Whether this build can.</summary>
    public static bool IsIncluded =>
#if AZURE_TABLES
        true;
#else
        false;
#endif

    public static void AddAzureTables(this ISiloBuilder silo, string connectionString)
    {
#if AZURE_TABLES
        silo.UseAzureStorageClustering(options => options.TableServiceClient = new TableServiceClient(connectionString));
#else
        throw new NasClusterException("Clustering.Provider is AzureTables; this program was built without them (-p:AzureTables=false).");
#endif
    }
}
