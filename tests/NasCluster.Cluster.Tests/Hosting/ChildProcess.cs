using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using NasCluster.Testing;

namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>A program started by a test, with everything it wrote.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Stop = 19;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
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
    public void AskToEnd() => Assert.Equal(0, SendSignal(_process.Id, Terminate));

    /// <summary>Stops it in its tracks.</summary>
    public void Freeze() => Assert.Equal(0, SendSignal(_process.Id, Stop));

    /// <summary>Lets it go on after <see cref="Freeze"/>.</summary>
    public void Thaw() => Assert.Equal(0, SendSignal(_process.Id, Continue));

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
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    private static void Add(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
