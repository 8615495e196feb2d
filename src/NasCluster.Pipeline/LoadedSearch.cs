using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Measurements;
using NasCluster.Llama.Checkpoints;
using NasCluster.Pipeline.Prepared;

namespace NasCluster.Pipeline;

/// <summary>A search with everything it needs loaded: its plan, the super-network, the data, and evaluators over both parts of the data.</summary>
public sealed class LoadedSearch : IDisposable
{
    private readonly ISuperNetwork _network;

    private LoadedSearch(
        SearchPlan plan, ISuperNetwork network, IEvaluator evaluator, IEvaluator? reportEvaluator, ImmutableSortedDictionary<string, string> provenance)
    {
        Plan = plan;
        _network = network;
        Evaluator = evaluator;
        ReportEvaluator = reportEvaluator;
        Provenance = provenance;
    }

    /// <summary>What is searched and how.</summary>
    public SearchPlan Plan { get; }

    /// <summary>Evaluates on the search part of the data.</summary>
    public IEvaluator Evaluator { get; }

    /// <summary>
    /// Evaluates the scored objectives on the report part, which the search never sees; null when nothing is kept apart or nothing is scored.
    /// </summary>
    public IEvaluator? ReportEvaluator { get; }

    /// <summary>What decides the results besides the specification, by name; see <see cref="ProvenanceNames"/>.</summary>
    public ImmutableSortedDictionary<string, string> Provenance { get; }

    /// <summary>Loads a search.</summary>
    /// <param name="spec">The specification, checked; its paths lead to files.</param>
    /// <param name="createEngine">Makes the engine that holds the super-network; the checkpoint may be disposed of afterwards.</param>
    /// <param name="time">The clock of measurements.</param>
    /// <exception cref="NasClusterException">A file cannot be used, or the specification does not fit the model.</exception>
    public static LoadedSearch Load(SearchSpec spec, Func<LlamaCheckpoint, SearchPlan, ISuperNetwork> createEngine, TimeProvider time)
    {
        using var checkpoint = LlamaCheckpoints.Open(spec.Model);
        var plan = new SearchPlan(spec, checkpoint.Configuration);
        var data = SearchData.Read(spec, checkpoint.Configuration, SearchFiles.AsWrittenIn(spec));
        var network = createEngine(checkpoint, plan);
        try
        {
            var gate = new DeviceGate();
            var evaluation = new SearchEvaluation(plan, network.Info, data.Sets.Search.Identity, data.Sets.Report?.Identity);
            var evaluator = evaluation.Open(network, data.Sets.Search, gate, SearchPart.Search, time);
            var reportEvaluator = evaluation.HasReport ? evaluation.Open(network, data.Sets.Report!, gate, SearchPart.Report, time) : null;
            return new LoadedSearch(plan, network, evaluator, reportEvaluator, data.ProvenanceOn(network.Info));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Fails unless a run recorded with some provenance would go on with the same results.</summary>
    /// <param name="recorded">The provenance the run was started with.</param>
    /// <exception cref="NasClusterException">Something that decides results has changed; the message says what.</exception>
    public void CheckSameAs(IReadOnlyDictionary<string, string> recorded)
    {
        var changed = Provenance.Where(p => !recorded.TryGetValue(p.Key, out var before) || before != p.Value).Select(p => p.Key)
            .Concat(recorded.Keys.Where(k => ProvenanceNames.Decides(k) && !Provenance.ContainsKey(k)))
            .Where(ProvenanceNames.Decides).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (changed.Length > 0)
        {
            throw new NasClusterException(
                $"The run cannot go on, because what decides its results has changed since it was started: {string.Join(", ", changed)}. "
                + "Put the files back as they were, or start a new run.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Evaluator.Dispose();
        ReportEvaluator?.Dispose();
        _network.Dispose();
    }
}
