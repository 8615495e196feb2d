using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NasCluster.Cluster.Benchmarks.Hosting;

/// <summary>A program of this run; what it says goes to a file.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int SignalContinue = 18;
    private const int SignalStop = 19;

    private readonly Process _process;
    private readonly Task _logging;

    private ChildProcess(Process process, string log)
    {
        _process = process;
        var lines = new StreamWriter(log, append: true) { AutoFlush = true };
        _logging = Task.Run(async () =>
        {
            await using (lines)
            {
                var gate = new Lock();
                await Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));

                async Task CopyAsync(StreamReader from)
                {
                    while (await from.ReadLineAsync() is { } line)
                    {
                        lock (gate)
                        {
                            lines.WriteLine($"{DateTimeOffset.UtcNow:HH:mm:ss.fff} {line}");
                        }
                    }
                }
            }
        });
    }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public static ChildProcess Start(string log, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new ChildProcess(Process.Start(start)!, log);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task RunAsync(string log, string program, params IEnumerable<string> arguments)
    {
        await using var process = Start(log, program, arguments);
        await process.ExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}; see {log}.");
        }
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGSTOP.</summary>
    public void Freeze() => Signal(SignalStop);

    /// <summary>SIGCONT.</summary>
    public void Thaw() => Signal(SignalContinue);

    public Task ExitAsync(CancellationToken cancellation = default) => _process.WaitForExitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _logging;
        _process.Dispose();
    }

    private void Signal(int signal)
    {
        if (!_process.HasExited)
        {
            _ = kill(_process.Id, signal);
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
