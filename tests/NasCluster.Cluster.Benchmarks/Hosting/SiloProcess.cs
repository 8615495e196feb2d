namespace NasCluster.Cluster.Benchmarks.Hosting;

/// <summary>A silo that is started again and again, always on the same ports.</summary>
internal sealed class SiloProcess(string directory, int number, IReadOnlyList<string> settings) : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    private readonly int[] _ports = FreePorts.Take(3);
    private ChildProcess? _process;

    public int Number => number;

    /// <summary>The port by which other silos know it.</summary>
    public int Port => _ports[0];

    /// <summary>Whether it is stopped by SIGSTOP.</summary>
    public bool IsFrozen { get; private set; }

    public bool HasExited => _process?.HasExited ?? true;

    public int? ExitCode => _process is { HasExited: true } process ? process.ExitCode : null;

    public async Task StartAsync()
    {
        if (_process is { } last)
        {
            await last.DisposeAsync();
        }

        string[] all = [$"SiloPort={_ports[0]}", $"GatewayPort={_ports[1]}", $"HttpPort={_ports[2]}", "Address=127.0.0.1", .. settings];
        _process = ChildProcess.Start(
            Path.Combine(directory, $"silo-{number}.log"), "dotnet", [Path.Combine(AppContext.BaseDirectory, "nas-silo.dll"), .. all.Select(s => $"--NasCluster:{s}")]);
    }

    public void Kill() => _process?.Kill();

    public void Freeze()
    {
        IsFrozen = true;
        _process?.Freeze();
    }

    public void Thaw()
    {
        _process?.Thaw();
        IsFrozen = false;
    }

    /// <summary>Whether it says that it is ready.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            return !HasExited && !IsFrozen && (await Http.GetAsync($"http://127.0.0.1:{_ports[2]}/health/ready", cancellation)).IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
        }
    }
}
