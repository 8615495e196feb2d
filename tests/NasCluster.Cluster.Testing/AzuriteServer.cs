namespace NasCluster.Cluster.Testing;

/// <summary>A running Azurite that keeps blobs in memory, or tables.</summary>
/// <remarks>The environment variable <c>NASCLUSTER_AZURITE</c> names its <c>azurite-blob</c>, beside which lies <c>azurite-table</c> (npm package azurite, 3.35.0 was used).</remarks>
internal sealed class AzuriteServer : IAsyncDisposable
{
    private const string Variable = "NASCLUSTER_AZURITE";
    private const string Blobs = "blob";
    private const string Tables = "table";
    private const string Account = "devstoreaccount1";

    // The key of Azurite's only account; everybody knows it.
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly string _service;
    private ChildProcess _process;

    private AzuriteServer(string service, int port)
    {
        (_service, Port) = (service, port);
        _process = Start();
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
    public string ConnectionString => At(_service, Port);

    /// <summary>How clients find blobs by way of a port.</summary>
    public static string ConnectionStringAt(int port) => At(Blobs, port);

    /// <summary>Starts one for blobs and waits until it listens.</summary>
    /// <exception cref="NotSupportedException">It is <see cref="Missing"/>.</exception>
    public static Task<AzuriteServer> StartAsync() => StartAsync(Blobs);

    /// <summary>Starts one for tables and waits until it listens.</summary>
    /// <exception cref="NotSupportedException">It is <see cref="Missing"/>.</exception>
    public static Task<AzuriteServer> StartTablesAsync() => StartAsync(Tables);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>Ends it; what it kept is lost.</summary>
    public ValueTask StopAsync() => _process.DisposeAsync();

    /// <summary>Starts it again, empty, at the same port.</summary>
    public Task StartAgainAsync()
    {
        _process = Start();
        return _process.ListensAsync(Port);
    }

    private static string At(string service, int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};{char.ToUpperInvariant(service[0])}{service[1..]}Endpoint=http://127.0.0.1:{port}/{Account};";

    private static async Task<AzuriteServer> StartAsync(string service)
    {
        if (Missing is not null)
        {
            throw new NotSupportedException(Missing);
        }

        var server = new AzuriteServer(service, FreePorts.Take(1)[0]);
        await server._process.ListensAsync(server.Port);
        return server;
    }

    private ChildProcess Start() => ChildProcess.Start(
        Path.Combine(Path.GetDirectoryName(Environment.GetEnvironmentVariable(Variable)!)!, $"azurite-{_service}"),
        "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", $"--{_service}Host", "127.0.0.1", $"--{_service}Port", $"{Port}", "--silent");
}
