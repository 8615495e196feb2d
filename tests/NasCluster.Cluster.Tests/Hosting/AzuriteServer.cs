namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>A running Azurite that keeps blobs in memory.</summary>
internal sealed class AzuriteServer : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";

    // The key of Azurite's only account; everybody knows it.
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private ChildProcess _process;
    private readonly string _program;

    private AzuriteServer(string program, int port)
    {
        _program = program;
        Port = port;
        _process = Start(program, port);
    }

    public int Port { get; }

    /// <summary>How clients find it.</summary>
    public string ConnectionString => $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};BlobEndpoint=http://127.0.0.1:{Port}/{Account};";

    /// <summary>Starts one and waits until it listens.</summary>
    public static async Task<AzuriteServer> StartAsync(string program, int port)
    {
        var server = new AzuriteServer(program, port);
        await Servers.ListeningAsync(port, server._process);
        return server;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>Ends it; what it kept is lost.</summary>
    public ValueTask StopAsync() => _process.DisposeAsync();

    /// <summary>Starts it again, empty, at the same port.</summary>
    public Task StartAgainAsync()
    {
        _process = Start(_program, Port);
        return Servers.ListeningAsync(Port, _process);
    }

    private static ChildProcess Start(string program, int port) => ChildProcess.Start(
        program, "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--blobHost", "127.0.0.1", "--blobPort", $"{port}", "--silent");
}
