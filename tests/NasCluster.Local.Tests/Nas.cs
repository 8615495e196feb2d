using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace NasCluster.Local.Tests;

/// <summary>What a finished <c>nas</c> process left.</summary>
internal sealed record NasResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The error output's lines.</summary>
    public string[] ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The real program in a process of its own: what a user runs, what can be interrupted and killed.</summary>
internal sealed partial class Nas : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private Nas(string[] arguments, string? workingDirectory)
    {
        // Tests run under the dotnet host already, wherever it is installed.
        var host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(host)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach (var argument in (string[])["exec", Path.Combine(AppContext.BaseDirectory, "nas.dll"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts the program and leaves it running.</summary>
    public static Nas Start(params string[] arguments) => new(arguments, null);

    /// <summary>Runs the program to its end.</summary>
    public static NasResult Run(params string[] arguments) => RunIn(null, arguments);

    /// <summary>Runs the program to its end in a directory.</summary>
    public static NasResult RunIn(string? workingDirectory, params string[] arguments)
    {
        using var nas = new Nas(arguments, workingDirectory);
        return nas.WaitForEnd();
    }

    /// <summary>What the program has written to standard error so far.</summary>
    public string ErrorsSoFar
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>Waits for the end.</summary>
    public NasResult WaitForEnd()
    {
        if (!_process.WaitForExit(Patience))
        {
            _process.Kill();
            throw new TimeoutException($"nas did not end within {Patience}; it wrote: {ErrorsSoFar}");
        }

        _process.WaitForExit(); // Also for the last of its output.
        return new NasResult(_process.ExitCode, _output.ToString(), _errors.ToString());
    }

    /// <summary>Waits until something holds, or the program has ended.</summary>
    public void WaitUntil(Func<bool> holds)
    {
        var waited = Stopwatch.StartNew();
        while (!_process.HasExited && waited.Elapsed < Patience && !holds())
        {
            _process.WaitForExit(10);
        }
    }

    /// <summary>Lets the program run for a while, then kills it as <c>kill -9</c> does.</summary>
    /// <returns>Whether it was still running.</returns>
    public bool Kill(TimeSpan after)
    {
        if (_process.WaitForExit(after))
        {
            return false;
        }

        _process.Kill();
        _process.WaitForExit();
        return true;
    }

    /// <summary>Sends what Ctrl-C sends; or what <c>kill</c> sends, where a shell started these tests in the background with Ctrl-C ignored.</summary>
    public void Interrupt()
    {
        const int interrupt = 2;
        const int terminate = 15;
        Assert.Equal(0, SendSignal(_process.Id, IsIgnored(interrupt) ? terminate : interrupt));
    }

    // Ignored signals stay ignored in child processes, and .NET leaves them so.
    private static bool IsIgnored(int signal)
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal));
        return (Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16) >> (signal - 1) & 1) == 1;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    private static void Append(StringBuilder to, string? line)
    {
        if (line is not null)
        {
            lock (to)
            {
                to.Append(line).Append('\n');
            }
        }
    }
}
