using Azure;
using Azure.Storage.Blobs;
using NasCluster.Core.Storage;

namespace NasCluster.Cluster.Benchmarks.Chaos;

/// <summary>A search's cells as they lie in blob storage, to be read without any silo.</summary>
internal sealed class StoredCells(BlobContainerClient container, string search) : IStateCells
{
    public async ValueTask<StateCell?> ReadAsync(string name, CancellationToken cancellation)
    {
        try
        {
            var blob = await container.GetBlobClient($"{name}-search/search.{search}.json").DownloadContentAsync(cancellation);
            return new StateCell(blob.Value.Content.ToMemory(), blob.Value.Details.ETag.ToString());
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    public ValueTask<string> WriteAsync(string name, ReadOnlyMemory<byte> bytes, string? version, CancellationToken cancellation) =>
        throw new NotSupportedException("An audit changes nothing.");

    public ValueTask DeleteAsync(string name, string version, CancellationToken cancellation) => throw new NotSupportedException("An audit changes nothing.");
}
