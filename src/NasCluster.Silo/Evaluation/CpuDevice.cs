using System.Collections.Immutable;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Storage;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Costs;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Pipeline.Prepared;
using NasCluster.Pipeline.SuperNetworks;
using NasCluster.Silo.Configuration;

namespace NasCluster.Silo.Evaluation;

/// <summary>The processor as an evaluation device.</summary>
internal sealed class CpuDevice(SuperNetworkLibrary networks, IContentStore contents, SuperNetworkShelf shelf, EvaluatorSettings settings, TimeProvider time)
    : IEvaluationDevice
{
    private const int SearchesKept = 8;

    private readonly Lock _lock = new();
    private readonly List<(string Prepared, PreparedRun Run, EvaluationSets Sets)> _recent = [];

    public string Name => "cpu";

    public int BatchSize => settings.BatchSize;

    public ImmutableArray<string>? SuperNetworks => networks.Fingerprints;

    public ImmutableArray<string> Loaded => shelf.Loaded;

    public long HeldBytes => shelf.HeldBytes;

    public async ValueTask<IEvaluationSession> OpenAsync(string prepared, Action progress, CancellationToken cancellation)
    {
        var (run, sets) = await ReadAsync(prepared, cancellation);
        progress();
        var network = await AcquireAsync(run.Search.Network, cancellation);
        try
        {
            return new Session(network, run.Search.Plan.Space, run.Search.OpenEvaluator(network.Network, sets, shelf.Gate, run.Part, time));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The engine holds every weight once, in float32.</summary>
    private static long BytesOf(SuperNetworkInfo network) => CostModel.Parameters(network.Configuration) * sizeof(float);

    private async Task<SuperNetworkLease> AcquireAsync(SuperNetworkInfo wanted, CancellationToken cancellation)
    {
        var fingerprint = wanted.Fingerprint;
        while (true)
        {
            // Finding the files asks storage; not for a network that is in memory. If that makes room for another at this very moment, look again.
            using var files = shelf.Loaded.Contains(fingerprint) ? null : await networks.FindFingerprintAsync(fingerprint, cancellation);
            try
            {
                return await shelf.AcquireAsync(fingerprint, BytesOf(wanted), _ => Load(files ?? throw new GoneException()), cancellation);
            }
            catch (GoneException)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private CpuSuperNetwork Load(ModelFiles files)
    {
        using var checkpoint = LlamaCheckpoints.Open(files.Path);
        return new CpuSuperNetwork(checkpoint, settings.Threads > 0 ? new CpuEngineOptions { Threads = settings.Threads } : null);
    }

    /// <summary>Set files are read once per search, not once per batch.</summary>
    private async ValueTask<(PreparedRun Run, EvaluationSets Sets)> ReadAsync(string prepared, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var at = _recent.FindIndex(r => r.Prepared == prepared);
            if (at >= 0)
            {
                var known = _recent[at];
                _recent.RemoveAt(at);
                _recent.Add(known);
                return (known.Run, known.Sets);
            }
        }

        var run = PreparedRun.FromJson(prepared, StoredSpecification.Read);
        EvaluationSets sets;
        await using (var file = await contents.OpenAsync(run.Data.Content, cancellation))
        {
            var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, cancellation);
            bytes.Position = 0;
            sets = EvaluationSetFile.Read(bytes, $"Content {run.Data.Content}");
        }

        lock (_lock)
        {
            _recent.Add((prepared, run, sets));
            if (_recent.Count > SearchesKept)
            {
                _recent.RemoveAt(0);
            }
        }

        return (run, sets);
    }

    private sealed class Session(SuperNetworkLease network, IArchitectureSpace space, IEvaluator evaluator) : IEvaluationSession
    {
        public IArchitectureSpace Space => space;

        public IEvaluator Evaluator => evaluator;

        public void Dispose()
        {
            evaluator.Dispose();
            network.Dispose();
        }
    }

    private sealed class GoneException : Exception;
}
