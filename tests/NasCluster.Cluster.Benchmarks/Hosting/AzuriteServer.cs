using Azure.Storage.Blobs;

namespace NasCluster.Cluster.Benchmarks.Hosting;

/// <summary>Azurite's blob service, in memory. Environment variable <c>NASCLUSTER_AZURITE</c> names the program <c>azurite-blob</c>.</summary>
internal sealed class AzuriteServer : IAsyncDisposable
{
    // The account and key that every Azurite has, from its documentation; they open nothing else.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly ChildProcess _process;

    private AzuriteServer(ChildProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>The connection string by way of a port.</summary>
    public static string ConnectionString(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{port}/{Account};";

    public static async Task<AzuriteServer> StartAsync(string directory, CancellationToken cancellation)
    {
        var program = Environment.GetEnvironmentVariable("NASCLUSTER_AZURITE")
            ?? throw new ArgumentException("Set NASCLUSTER_AZURITE to the path of azurite-blob (npm package azurite).");
        var port = FreePorts.Take(1)[0];
        var process = ChildProcess.Start(
            Path.Combine(directory, "azurite.log"), program, "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent",
            "--blobHost", "127.0.0.1", "--blobPort", $"{port}");
        var server = new AzuriteServer(process, port);
        for (var service = new BlobServiceClient(ConnectionString(port)); ;)
        {
            try
            {
                await service.GetPropertiesAsync(cancellation);
                return server;
            }
            catch (Exception exception) when (exception is Azure.RequestFailedException or AggregateException && !process.HasExited)
            {
                await Task.Delay(200, cancellation);
            }
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
