using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using NasCluster.Contracts.Security;

namespace NasCluster.Silo.Hosting;

/// <summary>State in Azure Storage blobs.</summary>
internal static class AzureBlobs
{
    /// <summary>The service that a connection string or an address means; at an address this process proves itself by its Entra ID identity.</summary>
    /// <exception cref="NasCluster.Core.NasClusterException">It is an address that cannot be used.</exception>
    public static BlobServiceClient Client(string connection) => AzureEndpoint.TryParse(connection, "blob", out var address)
        ? new BlobServiceClient(address, new DefaultAzureCredential(), Options())
        : new BlobServiceClient(connection, Options());

    /// <summary>
    /// The package's own would wait 100 s for a connection that died, and up to 6 s between attempts; searches stand still meanwhile, and repeat
    /// what fails anyway.
    /// </summary>
    private static BlobClientOptions Options() => new()
    {
        Retry =
        {
            Mode = RetryMode.Exponential,
            MaxRetries = 3,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = TimeSpan.FromSeconds(2),
            NetworkTimeout = TimeSpan.FromSeconds(20),
        },
    };
}
