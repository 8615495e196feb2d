using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using NasCluster.Testing;

namespace NasCluster.Cluster.Testing;

/// <summary>A program started by a test or a benchmark, with everything it wrote.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int SignalTerminate = 15;
    private const int SignalContinue = 18;
    private const int SignalStop = 19;

    private static readonly TimeSpan ListenPatience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Lock _logging = new();
    private StreamWriter? _log;
    private bool _isDisposed;

    private ChildProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Add(_output, e.Data);
        process.ErrorDataReceived += (_, e) => Add(_errors, e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Output => string.Join('\n', _output);

    public string Errors => string.Join('\n', _errors);

    /// <summary>The lines of standard error.</summary>
    public string[] ErrorLines => [.. _errors.Where(line => line.Length > 0)];

    /// <summary>Starts a .NET program of this repository, from where its project was built together with the tests.</summary>
    /// <param name="project">The project.</param>
    /// <param name="assembly">The program's file.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ChildProcess StartDotnet(string project, string assembly, params IEnumerable<string> arguments)
    {
        // Beside the tests the programs lie too, but among each other's dependencies.
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(SharedData.RepositoryRoot, "src", project, "bin", framework.Parent!.Name, framework.Name, assembly);

        // Tests run under the dotnet host already, wherever it is installed.
        var host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        return Start(host, ["exec", program, .. arguments]);
    }

    public static ChildProcess Start(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // What is set up on this machine for people must not change what tests see.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("NASCLUSTER__", StringComparison.OrdinalIgnoreCase) || k.StartsWith("NASCTL_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task RunAsync(string program, params IEnumerable<string> arguments)
    {
        await using var process = Start(program, arguments);
        if (await process.WaitAsync(TimeSpan.FromMinutes(1)) != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}:\n{process.Output}\n{process.Errors}");
        }
    }

    /// <summary>Has what it writes from now on added to a file too, each line with its time.</summary>
    public void LogTo(string path)
    {
        lock (_logging)
        {
            _log = new StreamWriter(path, append: true) { AutoFlush = true };
        }
    }

    /// <summary>Waits until somebody listens on a port of this machine; it, when it was started to.</summary>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    public async Task ListensAsync(int port)
    {
        using var patience = new CancellationTokenSource(ListenPatience);
        while (true)
        {
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync("127.0.0.1", port, patience.Token);
                return;
            }
            catch (SocketException) when (!HasExited)
            {
                await Task.Delay(50, patience.Token);
            }
            catch (SocketException)
            {
                throw new InvalidOperationException($"The server ended with {ExitCode}:\n{Output}\n{Errors}");
            }
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitAsync(TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The program did not end within {patience}; it wrote:\n{Output}\n{Errors}");
        }

        return _process.ExitCode;
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    /// <summary>Asks it to end, as Kubernetes does.</summary>
    public void AskToEnd() => Signal(SignalTerminate);

    /// <summary>Stops it where it is, until <see cref="Thaw"/>.</summary>
    public void Freeze() => Signal(SignalStop);

    public void Thaw() => Signal(SignalContinue);

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_process.HasExited)
        {
            Kill();
        }

        // Also until everything it wrote has been read.
        await _process.WaitForExitAsync();
        _process.Dispose();
        lock (_logging)
        {
            _log?.Dispose();
            _log = null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    private void Signal(int signal)
    {
        // One that has just ended has nothing to be told.
        if (!_process.HasExited)
        {
            _ = SendSignal(_process.Id, signal);
        }
    }

    private void Add(ConcurrentQueue<string> lines, string? line)
    {
        if (line is null)
        {
            return;
        }

        lines.Enqueue(line);
        lock (_logging)
        {
            _log?.WriteLine($"{DateTimeOffset.UtcNow:HH:mm:ss.fff} {line}");
        }
    }
}
