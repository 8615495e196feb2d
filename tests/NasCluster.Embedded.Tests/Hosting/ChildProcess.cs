using System.Diagnostics;
using System.Globalization;

namespace NasCluster.Embedded.Tests.Hosting;

/// <summary>A search in a process of its own, which can be killed.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _working = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _errors = [];

    public ChildProcess(string directory, int budget, int workers, int delayMs)
    {
        // Tests run under the dotnet host already, wherever it is installed.
        var host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(host) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "exec", typeof(ChildProgram).Assembly.Location, directory, .. new[] { budget, workers, delayMs }.Select(n => n.ToString(CultureInfo.InvariantCulture)),
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data == "working")
            {
                _working.TrySetResult();
            }
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.Add(line.Data ?? "");
            }
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return string.Join('\n', _errors).Trim();
            }
        }
    }

    /// <summary>Waits until the search has recorded something, or the process has ended.</summary>
    public Task Working() => Task.WhenAny(_working.Task, _process.WaitForExitAsync());

    /// <summary>Lets the process run for a while, then kills it at once, as <c>kill -9</c> does.</summary>
    /// <returns>Whether it was still running.</returns>
    public bool Kill(TimeSpan after)
    {
        if (_process.WaitForExit(after))
        {
            return false;
        }

        _process.Kill();
        _process.WaitForExit();
        return _process.ExitCode != 0;
    }

    public async Task<int> Exit()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
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
}
