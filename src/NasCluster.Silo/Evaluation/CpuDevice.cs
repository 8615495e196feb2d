using System.Collections.Immutable;
using NasCluster.Core;
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
internal sealed class CpuDevice(SuperNetworkDirectory networks, IContentStore contents, SuperNetworkShelf shelf, EvaluatorSettings settings, TimeProvider time)
    : IEvaluationDevice
{
    private const int SearchesKept = 8;

    private readonly Lock _lock = new();
    private readonly List<(string Prepared, PreparedSearch Search, EvaluationSets Sets)> _recent = [];

    public string Name => "cpu";

    public int BatchSize => settings.BatchSize;

    public ImmutableArray<string>? SuperNetworks => networks.Fingerprints;

    public ImmutableArray<string> Loaded => shelf.Loaded;

    public async ValueTask<IEvaluationSession> OpenAsync(string prepared, Action progress, CancellationToken cancellation)
    {
        var (search, sets) = await ReadAsync(prepared, cancellation);
        progress();
        var fingerprint = search.Network.Fingerprint;
        var network = await shelf.AcquireAsync(fingerprint, BytesOf(search.Network), _ => Load(fingerprint), cancellation);
        try
        {
            return new Session(network, search.Plan.Space, search.OpenEvaluator(network.Network, sets, shelf.Gate, SearchPart.Search, time));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The engine holds every weight once, in float32.</summary>
    private static long BytesOf(SuperNetworkInfo network) => CostModel.Parameters(network.Configuration) * sizeof(float);

    private CpuSuperNetwork Load(string fingerprint)
    {
        var path = networks.FindFingerprint(fingerprint)
            ?? throw new NasClusterException($"The super-network {fingerprint} is not on this silo.");
        using var checkpoint = LlamaCheckpoints.Open(path);
        return new CpuSuperNetwork(checkpoint, settings.Threads > 0 ? new CpuEngineOptions { Threads = settings.Threads } : null);
    }

    /// <summary>Set files are read once per search, not once per batch.</summary>
    private async ValueTask<(PreparedSearch Search, EvaluationSets Sets)> ReadAsync(string prepared, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var at = _recent.FindIndex(r => r.Prepared == prepared);
            if (at >= 0)
            {
                var known = _recent[at];
                _recent.RemoveAt(at);
                _recent.Add(known);
                return (known.Search, known.Sets);
            }
        }

        var search = PreparedSearch.FromJson(prepared, StoredSpecification.Read);
        EvaluationSets sets;
        await using (var file = await contents.OpenAsync(search.Search.Content, cancellation))
        {
            var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, cancellation);
            bytes.Position = 0;
            sets = EvaluationSetFile.Read(bytes, $"Content {search.Search.Content}");
        }

        lock (_lock)
        {
            _recent.Add((prepared, search, sets));
            if (_recent.Count > SearchesKept)
            {
                _recent.RemoveAt(0);
            }
        }

        return (search, sets);
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
}
