namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>A silo in a process of its own.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

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
        return new SiloProcess(ChildProcess.StartDotnet("NasCluster.Silo", "nas-silo.dll", all.Select(s => $"--NasCluster:{s}")), gatewayPort, httpPort);
    }

    /// <summary>Waits until it says that it is ready.</summary>
    /// <exception cref="TimeoutException">It did not get ready in time.</exception>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    public async Task<SiloProcess> ReadyAsync(TimeSpan? within = null)
    {
        using var patience = new CancellationTokenSource(within ?? StartPatience);
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
                throw new TimeoutException($"The silo was not ready after {within ?? StartPatience}:\n{Process.Output}\n{Process.Errors}");
            }
            catch (OperationCanceledException)
            {
                // It listens and does not answer yet.
            }

            await Task.Delay(100, CancellationToken.None);
        }
    }

    /// <summary>Waits until it answers at an address of its own.</summary>
    /// <returns>The status.</returns>
    public async Task<int> AnswersAsync(string path)
    {
        using var patience = new CancellationTokenSource(StartPatience);
        while (true)
        {
            try
            {
                return (await AskAsync(path)).Status;
            }
            catch (HttpRequestException) when (!Process.HasExited)
            {
                await Task.Delay(100, patience.Token);
            }
        }
    }

    /// <summary>What it says at an address of its own.</summary>
    public Task<string> GetAsync(string path) => Http.GetStringAsync($"http://127.0.0.1:{HttpPort}{path}");

    /// <summary>How it answers at an address of its own: the status and what it says.</summary>
    public async Task<(int Status, string Says)> AskAsync(string path)
    {
        using var answer = await Http.GetAsync($"http://127.0.0.1:{HttpPort}{path}");
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What it serves to Prometheus.</summary>
    public async Task<Exposition> ScrapeAsync() => Exposition.Parse(await GetAsync("/metrics"));

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
