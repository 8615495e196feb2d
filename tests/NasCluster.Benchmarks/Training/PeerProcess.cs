using System.Diagnostics;
using System.Text.Json;
using NasCluster.Core;
using NasCluster.Testing;

namespace NasCluster.Benchmarks.Training;

/// <summary>The same training step in PyTorch, in a process of its own that waits to be asked.</summary>
internal sealed class PeerProcess : IDisposable
{
    private static readonly JsonSerializerOptions Naming = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="python">An interpreter that has PyTorch.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="directory">Network, tokens and settings.</param>
    /// <param name="gradients">The file it first writes its gradients to.</param>
    public PeerProcess(string python, int threads, string directory, string gradients)
    {
        var script = Path.Combine(SharedData.RepositoryRoot, "tests", "NasCluster.Benchmarks", "peers", "training", "torch_step.py");
        var start = new ProcessStartInfo(python, [script, directory, gradients, $"{threads}"]) { RedirectStandardInput = true, RedirectStandardOutput = true };

        // It would make OpenBLAS compute for a processor other than the one that is there.
        start.Environment.Remove("OPENBLAS_CORETYPE");
        start.Environment["OPENBLAS_NUM_THREADS"] = $"{threads}";
        _process = Process.Start(start)!;
        First = Read();
    }

    /// <summary>The loss on the weights as they came.</summary>
    public Answer First { get; }

    /// <summary>Runs <paramref name="count"/> passes: <c>gradients</c>, or <c>steps</c> with an optimiser's step each.</summary>
    public Answer Ask(string what, int count)
    {
        _process.StandardInput.WriteLine($"{what} {count}");
        _process.StandardInput.Flush();
        return Read();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private Answer Read() =>
        _process.StandardOutput.ReadLine() is { } line
            ? JsonSerializer.Deserialize<Answer>(line, Naming)!
            : throw new NasClusterException("The peer ended without an answer; it needs Python 3 with PyTorch (Debian's python3-torch).");

    /// <summary>What one request took and gave.</summary>
    /// <param name="Version">PyTorch's; only in the first answer.</param>
    /// <param name="Seconds">Wall time.</param>
    /// <param name="ProcessorSeconds">Of all its threads.</param>
    /// <param name="Losses">Before each step.</param>
    public sealed record Answer(string? Version, double Seconds, double ProcessorSeconds, double[] Losses);
}
