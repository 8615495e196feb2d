using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Measurements;
using NasCluster.Evaluation.Texts;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Engines;
using NasCluster.Pipeline.Prepared;
using NasCluster.Pipeline.Pruning;

namespace NasCluster.Pipeline;

/// <summary>A search with everything it needs loaded: its plan, the super-network, the data, and evaluators over both parts of the data.</summary>
public sealed class LoadedSearch : IDisposable
{
    private readonly SearchFiles _files;
    private readonly SearchData _data;
    private readonly DeviceGate _gate;
    private LlamaCheckpoint? _repairedFrom;

    private LoadedSearch(
        SearchPlan plan, SearchFiles files, SearchData data, ILlamaEngine engine, ISuperNetwork network, DeviceGate gate, IEvaluator evaluator, IEvaluator? reportEvaluator,
        ImmutableSortedDictionary<string, string> provenance)
    {
        Plan = plan;
        _files = files;
        _data = data;
        Engine = engine;
        Network = network;
        _gate = gate;
        Evaluator = evaluator;
        ReportEvaluator = reportEvaluator;
        Provenance = provenance;
    }

    /// <summary>What is searched and how.</summary>
    public SearchPlan Plan { get; private set; }

    /// <summary>What networks are scored with.</summary>
    public ILlamaEngine Engine { get; }

    /// <summary>The super-network.</summary>
    public ISuperNetwork Network { get; }

    /// <summary>Whether the data have a part kept apart to report on.</summary>
    public bool HasReportPart => _data.Sets.Report is not null;

    /// <summary>Evaluates on the search part of the data.</summary>
    public IEvaluator Evaluator { get; private set; }

    /// <summary>
    /// Evaluates the scored objectives on the report part, which the search never sees; null when nothing is kept apart or nothing is scored.
    /// </summary>
    public IEvaluator? ReportEvaluator { get; private set; }

    /// <summary>What decides the results besides the specification, by name; see <see cref="ProvenanceNames"/>.</summary>
    public ImmutableSortedDictionary<string, string> Provenance { get; }

    /// <summary>Loads a search.</summary>
    /// <param name="spec">The specification, checked; its paths lead to files.</param>
    /// <param name="chooseEngine">What networks are scored with.</param>
    /// <param name="time">The clock of measurements.</param>
    /// <param name="files">Where the specification's files are, and what opens its tokenizer; by default as it is written, and SentencePiece.</param>
    /// <exception cref="NasClusterException">A file cannot be used, or the specification does not fit the model.</exception>
    public static LoadedSearch Load(SearchSpec spec, Func<SearchPlan, ILlamaEngine> chooseEngine, TimeProvider time, SearchFiles? files = null)
    {
        files ??= SearchFiles.AsWrittenIn(spec);
        using var checkpoint = LlamaCheckpoints.Open(spec.Model);
        var plan = new SearchPlan(spec, checkpoint.Configuration, table: SpecifiedTable.Read(spec, checkpoint.Configuration, files.Resolve));
        var data = SearchData.Read(spec, checkpoint.Configuration, files);
        var engine = chooseEngine(plan);
        var network = engine.Load(checkpoint);
        try
        {
            if (plan.Table is { } table)
            {
                SpecifiedTable.CheckEngine(table, spec, network.Info);
            }

            var gate = new DeviceGate();
            var evaluation = new SearchEvaluation(plan, network.Info, data.Sets.Search.Identity, data.Sets.Report?.Identity);
            var evaluator = evaluation.Open(network, data.Sets.Search, gate, SearchPart.Search, time);
            var reportEvaluator = evaluation.HasReport ? evaluation.Open(network, data.Sets.Report!, gate, SearchPart.Report, time) : null;
            return new LoadedSearch(plan, files, data, engine, network, gate, evaluator, reportEvaluator, data.ProvenanceOn(network.Info, plan.Table));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Goes on with the plan that the stages before the search lead to.</summary>
    public void Use(ChannelScores scores) => Plan = Plan.With(scores);

    /// <summary>From here on evaluates sub-networks repaired, if the specification asks for that; gathers what repair needs to know.</summary>
    /// <param name="time">The clock of measurements.</param>
    /// <param name="cancellation">Gives up between batches.</param>
    /// <exception cref="NasClusterException">The calibration part is too short, or the model cannot be read.</exception>
    public void RepairCandidates(TimeProvider time, CancellationToken cancellation)
    {
        var pruning = Plan.Spec.Pruning;
        if (pruning.Score != ScoredState.Repaired || _repairedFrom is not null)
        {
            return;
        }

        _repairedFrom = LlamaCheckpoints.Open(Plan.Spec.Model);
        var calibration = Calibration();
        var statistics = RepairStage.Statistics(_repairedFrom, pruning, calibration, Engine.Cpu, cancellation);
        var options = EvaluatorOptions.From(Plan.Spec, Plan.Configuration, Plan.Table);
        Evaluator = Repaired(options, _data.Sets.Search);
        ReportEvaluator = ReportEvaluator is null
            ? null
            : Repaired(options with { Objectives = [.. options.Objectives.Where(o => o.Kind == ObjectiveKind.Scored)], Constraints = [] }, _data.Sets.Report!);

        RepairedEvaluator Repaired(EvaluatorOptions evaluation, EvaluationSets sets) => new(
            Network.Info, _repairedFrom, pruning, calibration, statistics, evaluation, sets, Engine, _gate, time);
    }

    /// <summary>The policy gradient of the specification, over a calibration part read for it, and its evaluator.</summary>
    /// <param name="scores">Measured importance.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="NasClusterException">The stage does not fit the model or the data.</exception>
    public (PolicyGradientStage Stage, IEvaluator Evaluator) OpenPolicyGradient(ChannelScores scores, TimeProvider time)
    {
        var stage = new PolicyGradientStage(Plan, scores, CalibrationPart.OfPolicyGradient(Plan.Spec, Plan.Configuration, _files));
        return (stage, stage.OpenEvaluator(Network, _gate, time));
    }

    /// <summary>The calibration part in windows of the data, as many as importance and repair take.</summary>
    /// <exception cref="NasClusterException">It cannot be read, or does not fill a window.</exception>
    public TextSet Calibration() => CalibrationPart.OfData(Plan.Spec, Plan.Configuration, _files);

    /// <summary>An evaluator of the scored objectives, on another network than the super-network.</summary>
    /// <param name="network">The network; it stays the caller's.</param>
    /// <param name="part">Which part of the data.</param>
    /// <param name="time">The clock.</param>
    public IEvaluator OpenEvaluator(ISuperNetwork network, SearchPart part, TimeProvider time)
    {
        return SearchEvaluation.OpenScores(
            Plan.Spec,
            network,
            part == SearchPart.Search ? _data.Sets.Search : _data.Sets.Report ?? throw new InvalidOperationException("Nothing is kept apart to report on."),
            _gate,
            time);
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
        Network.Dispose();
        _repairedFrom?.Dispose();
    }
}
