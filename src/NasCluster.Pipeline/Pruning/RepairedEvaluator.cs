using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Measurements;
using NasCluster.Evaluation.Texts;
using NasCluster.Llama.Calibration;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Engines;
using NasCluster.Llama.Repair;

namespace NasCluster.Pipeline.Pruning;

/// <summary>Evaluates sub-networks as they would be used: each is cut out, repaired, and only then scored.</summary>
/// <remarks>
/// The statistics are gathered once, so a candidate costs a factorisation for each of its output matrices: for an MLP of n kept channels and
/// hidden size h, n^3 / 3 + n^2 h multiplications a layer. Candidates share no work.
/// </remarks>
public sealed class RepairedEvaluator : IEvaluator
{
    private readonly LlamaCheckpoint _checkpoint;
    private readonly CalibrationStatistics _statistics;
    private readonly RepairOptions _repair;
    private readonly EvaluatorOptions _options;
    private readonly EvaluationSets _sets;
    private readonly ILlamaEngine _engine;
    private readonly DeviceGate _gate;
    private readonly TimeProvider _time;
    private readonly EvaluationKeys _keys;
    private long _tokensScored;

    /// <summary>Makes an evaluator.</summary>
    /// <param name="network">What the whole network is, for keys.</param>
    /// <param name="checkpoint">The whole network; it stays the caller's.</param>
    /// <param name="pruning">How to repair.</param>
    /// <param name="calibration">The calibration part the statistics are of.</param>
    /// <param name="statistics">What is known of the whole network's activations.</param>
    /// <param name="options">What to evaluate.</param>
    /// <param name="sets">What to score on.</param>
    /// <param name="engine">What repaired networks are scored with.</param>
    /// <param name="gate">The device's gate.</param>
    /// <param name="time">The clock of measurements.</param>
    internal RepairedEvaluator(
        SuperNetworkInfo network, LlamaCheckpoint checkpoint, PruningSpec pruning, TextSet calibration, CalibrationStatistics statistics,
        EvaluatorOptions options, EvaluationSets sets, ILlamaEngine engine, DeviceGate gate, TimeProvider time)
    {
        _checkpoint = checkpoint;
        _statistics = statistics;
        _repair = RepairStage.OptionsOf(pruning) with { MeasuresErrors = false };
        _options = options with
        {
            Treatment = TreatmentOf(pruning, calibration.Fingerprint),
        };
        _sets = sets;
        _engine = engine;
        _gate = gate;
        _time = time;
        _keys = new EvaluationKeys(network, _options, sets.Identity);
        Objectives = options.Objectives;
    }

    /// <summary>What is done to sub-networks, for keys.</summary>
    /// <param name="pruning">How to repair.</param>
    /// <param name="calibration">Fingerprint of the calibration part.</param>
    internal static string TreatmentOf(PruningSpec pruning, string calibration) =>
        FormattableString.Invariant($"repaired 1: {Words.Of(pruning.Repair)}, damping {pruning.Damping}, {pruning.Sequences} of {calibration}");

    /// <inheritdoc/>
    public IReadOnlyList<Objective> Objectives { get; }

    /// <inheritdoc/>
    public long TokensScored => Interlocked.Read(ref _tokensScored);

    /// <inheritdoc/>
    public EvaluationKey KeyOf(Candidate candidate) => _keys.KeyOf(candidate);

    /// <inheritdoc/>
    public IReadOnlyList<EvaluationOutcome> Evaluate(IReadOnlyList<Candidate> candidates, Action? progress, CancellationToken cancellation) =>
        [.. candidates.Select(c => Evaluate(c, progress, cancellation))];

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private EvaluationOutcome Evaluate(Candidate candidate, Action? progress, CancellationToken cancellation)
    {
        try
        {
            var repaired = RepairedNetwork.Of(_checkpoint, candidate.Architecture, _statistics, _repair, _engine.Cpu, cancellation);
            using var network = _engine.Load(repaired.Checkpoint);
            using var evaluator = new SuperNetworkEvaluator(network, _options, _sets, _gate, _time);
            var outcome = evaluator.Evaluate([new Candidate(network.Info.Configuration.FullArchitecture, candidate.Batch)], progress, cancellation)[0];
            Interlocked.Add(ref _tokensScored, evaluator.TokensScored);
            return outcome;
        }
        catch (NasClusterException e)
        {
            return EvaluationOutcome.Failed(e.Message);
        }
    }
}
