namespace NasCluster.Cluster.Testing;

/// <summary>A silo in a process of its own; started again, it has the same ports.</summary>
internal sealed class SiloProcess(int siloPort, int gatewayPort, int httpPort, IEnumerable<string> settings) : IAsyncDisposable
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

    private readonly string[] _arguments =
        [.. ((string[])[$"SiloPort={siloPort}", $"GatewayPort={gatewayPort}", $"HttpPort={httpPort}", "Address=127.0.0.1", .. settings]).Select(s => $"--NasCluster:{s}")];

    private ChildProcess? _process;

    /// <summary>Which of several it is.</summary>
    public int Number { get; init; } = 1;

    /// <summary>The file to which it adds what it writes; null for none.</summary>
    public string? Log { get; init; }

    public ChildProcess Process => _process ?? throw new InvalidOperationException("The silo has not been started.");

    public int SiloPort => siloPort;

    public int GatewayPort => gatewayPort;

    public int HttpPort => httpPort;

    public string Gateway => $"127.0.0.1:{GatewayPort}";

    /// <summary>Whether it is stopped where it was.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Starts a silo; it is not ready yet.</summary>
    /// <param name="siloPort">Port for silos.</param>
    /// <param name="gatewayPort">Port for clients.</param>
    /// <param name="httpPort">Port for health and metrics.</param>
    /// <param name="settings">Further settings, such as <c>Role=Controller</c>.</param>
    public static SiloProcess Start(int siloPort, int gatewayPort, int httpPort, params IEnumerable<string> settings)
    {
        var silo = new SiloProcess(siloPort, gatewayPort, httpPort, settings);
        silo.Start();
        return silo;
    }

    /// <summary>Starts it, or starts it again; it is not ready yet.</summary>
    public async Task StartAsync()
    {
        await DisposeAsync();
        Start();
    }

    /// <summary>Stops it where it is, until <see cref="Thaw"/>.</summary>
    public void Freeze()
    {
        IsFrozen = true;
        Process.Freeze();
    }

    public void Thaw()
    {
        Process.Thaw();
        IsFrozen = false;
    }

    /// <summary>Whether it says that it is ready, within five seconds.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        if (Process.HasExited || IsFrozen)
        {
            return false;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(AnswerPatience);
        try
        {
            using var answer = await Http.GetAsync($"http://127.0.0.1:{HttpPort}/health/ready", patience.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Waits until it says that it is ready.</summary>
    /// <exception cref="TimeoutException">It did not get ready in time.</exception>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    public async Task<SiloProcess> ReadyAsync(TimeSpan? within = null)
    {
        using var patience = new CancellationTokenSource(within ?? StartPatience);
        while (!await IsReadyAsync(CancellationToken.None))
        {
            if (Process.HasExited)
            {
                throw new InvalidOperationException($"The silo ended with {Process.ExitCode}:\n{Process.Output}\n{Process.Errors}");
            }

            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"The silo was not ready after {within ?? StartPatience}:\n{Process.Output}\n{Process.Errors}");
            }

            await Task.Delay(100, CancellationToken.None);
        }

        return this;
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

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Start()
    {
        _process = ChildProcess.StartDotnet("NasCluster.Silo", "nas-silo.dll", _arguments);
        IsFrozen = false;
        if (Log is { } log)
        {
            _process.LogTo(log);
        }
    }
}
