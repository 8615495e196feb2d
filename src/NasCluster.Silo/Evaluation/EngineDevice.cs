using System.Collections.Immutable;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Storage;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Pipeline.Prepared;
using NasCluster.Pipeline.Pruning;
using NasCluster.Pipeline.SuperNetworks;
using NasCluster.Silo.Configuration;

namespace NasCluster.Silo.Evaluation;

/// <summary>The engine's device as an evaluation device.</summary>
internal sealed class EngineDevice(SuperNetworkLibrary networks, HeldNetworks held, IContentStore contents, SuperNetworkShelf shelf, EvaluatorSettings settings, TimeProvider time)
    : IEvaluationDevice
{
    private const int SearchesKept = 8;

    private readonly Lock _lock = new();
    private (string? Key, RepairBasis? Basis) _basis;
    private readonly List<(string Prepared, PreparedRun Run, EvaluationSets Sets)> _recent = [];

    public string Name => held.Engine.Device;

    public int BatchSize => settings.BatchSize;

    // An evaluator of another engine or number format gives other scores: it does not serve the same searches.
    public ImmutableArray<string>? SuperNetworks => Identities(networks.Fingerprints);

    public ImmutableArray<string> Loaded => Identities(shelf.Loaded);

    public long HeldBytes => shelf.HeldBytes;

    public async ValueTask<IDisposable> HoldAsync(string superNetwork, CancellationToken cancellation)
    {
        SuperNetworkInfo network;
        using (var files = await networks.FindAsync(superNetwork, cancellation))
        {
            network = await Task.Run(() => networks.Identify(files.Path), cancellation);
        }

        return await held.AcquireAsync(network, cancellation);
    }

    public async ValueTask<IEvaluationSession> OpenAsync(string prepared, Action progress, CancellationToken cancellation)
    {
        var (run, sets) = await ReadAsync(prepared, cancellation);
        progress();
        var network = await held.AcquireAsync(run.Search.Network, cancellation);
        try
        {
            return run.Search.RepairsCandidates
                ? await OpenRepairingAsync(run, sets, network, cancellation)
                : new Session(run.Search.Plan.Space, run.Search.OpenEvaluator(network.Network, sets, shelf.Gate, run.Part, time), network);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private ImmutableArray<string> Identities(ImmutableArray<string> fingerprints) =>
        [.. fingerprints.Select(f => SuperNetworkInfo.IdentityOf(f, held.Engine.Arithmetic))];

    private async Task<Session> OpenRepairingAsync(PreparedRun run, EvaluationSets sets, SuperNetworkLease network, CancellationToken cancellation)
    {
        var weights = await held.OpenAsync(run.Search.Network.Fingerprint, cancellation);
        try
        {
            // Gathering takes minutes for a large network, and what is gathered takes much memory: that of the last search is kept.
            var calibration = run.Search.Stages.Calibration!;
            var key = $"{run.Search.Network.Fingerprint} {calibration.Content} {run.Search.Spec.Pruning.Sequences}";
            if (_basis.Key != key)
            {
                _basis = default;
                var text = PreparedSearch.ReadSets(calibration, new MemoryStream(await StoredRuns.ReadAsync(calibration.Content, contents, cancellation)));
                _basis = (key, await Task.Run(() => run.Search.GatherForRepair(weights.Checkpoint, text, held.Engine.Cpu, cancellation), cancellation));
            }

            var evaluator = run.Search.OpenRepairing(network.Network.Info, _basis.Basis!, weights.Checkpoint, sets, shelf.Gate, run.Part, held.Engine, time);
            return new Session(run.Search.Plan.Space, evaluator, network, weights);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
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

        var run = await StoredRuns.OpenAsync(prepared, contents, cancellation);
        var sets = EvaluationSetFile.Read(new MemoryStream(await StoredRuns.ReadAsync(run.Data.Content, contents, cancellation)), $"Content {run.Data.Content}");
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

    private sealed class Session(IArchitectureSpace space, IEvaluator evaluator, params IDisposable[] held) : IEvaluationSession
    {
        public IArchitectureSpace Space => space;

        public IEvaluator Evaluator => evaluator;

        public void Dispose()
        {
            evaluator.Dispose();
            foreach (var one in held)
            {
                one.Dispose();
            }
        }
    }
}
