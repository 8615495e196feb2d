namespace NasCluster.Cluster.Testing;

/// <summary>A running Azurite that keeps blobs in memory.</summary>
/// <remarks>The environment variable <c>NASCLUSTER_AZURITE</c> names its <c>azurite-blob</c> (npm package azurite, 3.35.0 was used).</remarks>
internal sealed class AzuriteServer : IAsyncDisposable
{
    private const string Variable = "NASCLUSTER_AZURITE";
    private const string Account = "devstoreaccount1";

    // The key of Azurite's only account; everybody knows it.
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private ChildProcess _process;

    private AzuriteServer(int port)
    {
        Port = port;
        _process = Start(port);
    }

    /// <summary>Why there is none; null when there is one.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" => $"{Variable} is not set; it names Azurite's azurite-blob.",
        var path when !File.Exists(path) => $"{Variable} is '{path}', which is not there; it names Azurite's azurite-blob.",
        _ => null,
    };

    public int Port { get; }

    /// <summary>How clients find it.</summary>
    public string ConnectionString => ConnectionStringAt(Port);

    /// <summary>How clients find it by way of a port.</summary>
    public static string ConnectionStringAt(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};BlobEndpoint=http://127.0.0.1:{port}/{Account};";

    /// <summary>Starts one and waits until it listens.</summary>
    /// <exception cref="NotSupportedException">It is <see cref="Missing"/>.</exception>
    public static async Task<AzuriteServer> StartAsync()
    {
        if (Missing is not null)
        {
            throw new NotSupportedException(Missing);
        }

        var server = new AzuriteServer(FreePorts.Take(1)[0]);
        await server._process.ListensAsync(server.Port);
        return server;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>Ends it; what it kept is lost.</summary>
    public ValueTask StopAsync() => _process.DisposeAsync();

    /// <summary>Starts it again, empty, at the same port.</summary>
    public Task StartAgainAsync()
    {
        _process = Start(Port);
        return _process.ListensAsync(Port);
    }

    private static ChildProcess Start(int port) => ChildProcess.Start(
        Environment.GetEnvironmentVariable(Variable)!,
        "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--blobHost", "127.0.0.1", "--blobPort", $"{port}", "--silent");
}
