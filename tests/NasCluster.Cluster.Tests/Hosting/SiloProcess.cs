namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>A silo in a process of its own.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private SiloProcess(ChildProcess process, int gatewayPort, int httpPort)
    {
        Process = process;
        GatewayPort = gatewayPort;
        HttpPort = httpPort;
    }

    public ChildProcess Process { get; }

    public int GatewayPort { get; }

    public int HttpPort { get; }

    public string Gateway => $"127.0.0.1:{GatewayPort}";

    /// <summary>Starts a silo; it is not ready yet.</summary>
    /// <param name="siloPort">Port for silos.</param>
    /// <param name="gatewayPort">Port for clients.</param>
    /// <param name="httpPort">Port for health and metrics.</param>
    /// <param name="settings">Further settings, such as <c>Role=Controller</c>.</param>
    public static SiloProcess Start(int siloPort, int gatewayPort, int httpPort, params IEnumerable<string> settings)
    {
        string[] all = [$"SiloPort={siloPort}", $"GatewayPort={gatewayPort}", $"HttpPort={httpPort}", "Address=127.0.0.1", .. settings];
        return new SiloProcess(ChildProcess.StartDotnet("nas-silo.dll", all.Select(s => $"--NasCluster:{s}")), gatewayPort, httpPort);
    }

    /// <summary>Waits until it says that it is ready.</summary>
    public async Task<SiloProcess> ReadyAsync()
    {
        using var patience = new CancellationTokenSource(StartPatience);
        while (true)
        {
            if (Process.HasExited)
            {
                throw new InvalidOperationException($"The silo ended with {Process.ExitCode}:\n{Process.Output}\n{Process.Errors}");
            }

            try
            {
                if ((await Http.GetAsync($"http://127.0.0.1:{HttpPort}/health/ready", patience.Token)).IsSuccessStatusCode)
                {
                    return this;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"The silo was not ready after {StartPatience}:\n{Process.Output}\n{Process.Errors}");
            }

            await Task.Delay(100, patience.Token);
        }
    }

    /// <summary>What it says at an address of its own.</summary>
    public Task<string> GetAsync(string path) => Http.GetStringAsync($"http://127.0.0.1:{HttpPort}{path}");

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
