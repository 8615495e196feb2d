using NasCluster.Grains.Storage;
using NasCluster.Silo.Configuration;
using Orleans.Storage;

namespace NasCluster.Silo.Hosting;

/// <summary>Tells Orleans where state is kept.</summary>
internal static class StorageSetup
{
    public static void AddStorage(this ISiloBuilder silo, StorageSettings settings)
    {
        silo.Services.AddKeyedSingleton<IGrainStorageSerializer, CellSerializer>(CellStorage.ProviderName);
        switch (settings.Provider)
        {
            case StorageProvider.Memory:
                silo.AddMemoryGrainStorage(CellStorage.ProviderName);
                break;
            case StorageProvider.AzureBlobs:
                silo.AddAzureBlobGrainStorage(CellStorage.ProviderName, options =>
                {
                    options.ContainerName = settings.Container;
                    options.BlobServiceClient = AzureBlobs.Client(settings.ConnectionString!);
                });
                break;
            case StorageProvider.PostgreSql:
                silo.AddAdoNetGrainStorage(CellStorage.ProviderName, options =>
                {
                    options.Invariant = ClusteringSetup.PostgreSqlInvariant;
                    options.ConnectionString = settings.ConnectionString!;
                });
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(settings), settings.Provider, null);
        }
    }
}
