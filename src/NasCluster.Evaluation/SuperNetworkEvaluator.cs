using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Costs;
using NasCluster.Evaluation.Measurements;
using NasCluster.Evaluation.Statistics;
using NasCluster.Evaluation.Tasks;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation;

/// <summary>Evaluates sub-networks of a super-network: scores them on texts and tasks, counts their costs, measures their speed.</summary>
public sealed class SuperNetworkEvaluator : IEvaluator
{
    private readonly ISuperNetwork _network;
    private readonly EvaluatorOptions _options;
    private readonly Needs _needs;
    private readonly TextSet? _text;
    private readonly ImmutableArray<ChoiceSet> _tasks;
    private readonly ImmutableArray<NamedTask> _harnessTasks;
    private readonly EvaluationKeys _keys;
    private readonly LikelihoodPass _pass;
    private readonly ImmutableArray<ScoringRequest> _requests;
    private readonly TextBatches? _batches;
    private readonly DeviceGate _gate;
    private readonly TimeProvider _time;
    private readonly bool _ownsNetwork;
    private readonly SubNetworkSpeed? _speed;

    /// <summary>Makes an evaluator.</summary>
    /// <param name="network">The super-network.</param>
    /// <param name="options">What to evaluate.</param>
    /// <param name="sets">What to score on.</param>
    /// <param name="gate">The device's gate, shared by every evaluator on it; null when this is the only one.</param>
    /// <param name="time">The clock of measurements; null for the system's.</param>
    /// <param name="ownsNetwork">Whether disposing of the evaluator disposes of the super-network.</param>
    /// <exception cref="NasClusterException">An objective needs a set that is not there, or the engine cannot extract what is to be measured.</exception>
    public SuperNetworkEvaluator(
        ISuperNetwork network, EvaluatorOptions options, EvaluationSets sets, DeviceGate? gate = null, TimeProvider? time = null, bool ownsNetwork = false)
    {
        _network = network;
        _options = options;
        _needs = new Needs(options, sets.Identity);
        _text = _needs.Text is null ? null : sets.Text;
        _tasks = [.. sets.Tasks.Where(t => _needs.Tasks.Any(n => n.Name == t.Name))];
        _harnessTasks = [.. sets.HarnessTasks.Where(t => _needs.Tasks.Any(n => n.Name == t.Name))];
        _keys = new EvaluationKeys(network.Info, options, sets.Identity);
        _gate = gate ?? new DeviceGate();
        _time = time ?? TimeProvider.System;
        _ownsNetwork = ownsNetwork;
        _pass = new LikelihoodPass(network, _gate);
        _requests = [.. _text?.Requests ?? [], .. _tasks.SelectMany(t => t.Requests), .. _harnessTasks.SelectMany(t => t.Requests)];
        _batches = options.BatchWindows is { } size && _text is not null ? new TextBatches(_text.Requests, size) : null;
        Objectives = options.Objectives;
        ScoredTokens = _requests.Sum(r => (long)r.ScoredCount);
        _speed = _needs.HasMeasured ? new SubNetworkSpeed(network, options, _needs, _gate, _time) : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Objective> Objectives { get; }

    /// <summary>Tokens whose likelihoods one evaluation takes, for figures of throughput.</summary>
    public long ScoredTokens { get; }

    /// <inheritdoc/>
    public long TokensScored => _pass.TokensScored;

    /// <inheritdoc/>
    public EvaluationKey KeyOf(Candidate candidate) => _keys.KeyOf(candidate);

    /// <inheritdoc/>
    public IReadOnlyList<EvaluationOutcome> Evaluate(IReadOnlyList<Candidate> candidates, Action? progress, CancellationToken cancellation)
    {
        var outcomes = new EvaluationOutcome[candidates.Count];
        var fitting = new List<int>();
        for (var i = 0; i < candidates.Count; i++)
        {
            try
            {
                _network.Info.Configuration.Check(candidates[i].Architecture);
                Requests(candidates[i].Batch);
                fitting.Add(i);
            }
            catch (NasClusterException e)
            {
                outcomes[i] = EvaluationOutcome.Failed(e.Message);
            }
        }

        // Sub-networks share the work of their leading layers only on the same data.
        foreach (var group in fitting.GroupBy(i => candidates[i].Batch))
        {
            int[] members = [.. group];
            var requests = Requests(group.Key);
            var scores = _pass.Run([.. members.Select(i => candidates[i].Architecture)], requests, progress, cancellation);
            for (var place = 0; place < members.Length; place++)
            {
                cancellation.ThrowIfCancellationRequested();
                var (likelihoods, failure) = scores[place];
                outcomes[members[place]] = failure is null
                    ? Outcome(candidates[members[place]], requests, likelihoods, progress, cancellation)
                    : EvaluationOutcome.Failed(failure);
            }
        }

        return outcomes;
    }

    private bool HasNoTasks => _tasks.IsEmpty && _harnessTasks.IsEmpty;

    private ImmutableArray<ScoringRequest> Requests(int? batch)
    {
        if (batch is not { } number)
        {
            return _requests;
        }

        if (_batches is null || !HasNoTasks)
        {
            throw new NasClusterException("A candidate is to be scored on a batch, but here there is a text without batches, or there are tasks.");
        }

        return _batches[number];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsNetwork)
        {
            _network.Dispose();
        }
    }

    private EvaluationOutcome Outcome(
        Candidate candidate, ImmutableArray<ScoringRequest> requests, ReadOnlySpan<LogLikelihood> likelihoods, Action? progress, CancellationToken cancellation)
    {
        try
        {
            var values = new Dictionary<string, ObjectiveValue>(StringComparer.Ordinal);
            AddScored(values, requests, likelihoods);
            AddAnalytic(values, _network.Info.Configuration.Extract(candidate.Architecture));
            if (_speed is not null)
            {
                _speed.Add(values, candidate.Architecture, cancellation);
                progress?.Invoke();
            }

            foreach (var needed in _needs.Values)
            {
                if (!double.IsFinite(values[needed.Name].Value) || !double.IsFinite(values[needed.Name].StandardError))
                {
                    return EvaluationOutcome.Failed($"{needed.Name} is {values[needed.Name].Value} with standard error {values[needed.Name].StandardError}; both must be finite.");
                }
            }

            var violation = Violation.Of(_options.Constraints, name => values[name]);
            return double.IsFinite(violation)
                ? EvaluationOutcome.Success([.. _options.Objectives.Select(o => values[o.Name])], violation)
                : EvaluationOutcome.Failed($"The constraints are broken by {violation}; it must be finite.");
        }
        catch (NasClusterException e)
        {
            return EvaluationOutcome.Failed(e.Message);
        }
    }

    private void AddScored(
        Dictionary<string, ObjectiveValue> values, ImmutableArray<ScoringRequest> requests, ReadOnlySpan<LogLikelihood> likelihoods)
    {
        var next = 0;
        if (_text is { } text)
        {
            // A batch is of the text alone.
            var windows = HasNoTasks ? requests : text.Requests;
            var score = TextSet.Score(windows.AsSpan(), likelihoods[..windows.Length]);
            values[ObjectiveCatalog.Perplexity.Name] = score.Perplexity;
            values[ObjectiveCatalog.LogLikelihood.Name] = score.LogLikelihood;
            next = windows.Length;
        }

        foreach (var task in _tasks)
        {
            var score = task.Score(likelihoods.Slice(next, task.Requests.Length));
            var names = ObjectiveCatalog.OfTask(task.Name);
            values[names[0].Name] = score.Accuracy;
            values[names[1].Name] = score.NormalisedAccuracy;
            next += task.Requests.Length;
        }

        foreach (var task in _harnessTasks)
        {
            foreach (var (name, value) in task.Score(likelihoods.Slice(next, task.Requests.Length)))
            {
                values[name] = value;
            }

            next += task.Requests.Length;
        }

        foreach (var (mean, members) in _needs.Means)
        {
            values[mean.Name] = Accuracy.Mean([.. members.Select(m => values[m.Name])]);
        }
    }

    private void AddAnalytic(Dictionary<string, ObjectiveValue> values, LlamaConfiguration configuration)
    {
        values[ObjectiveCatalog.Parameters.Name] = new(CostModel.Parameters(configuration), 0);
        values[ObjectiveCatalog.BlockParameters.Name] = new(CostModel.BlockParameters(configuration), 0);
        values[ObjectiveCatalog.MemoryBytes.Name] = new(CostModel.MemoryBytes(configuration, _options.Weights), 0);
        values[ObjectiveCatalog.MacsPerToken.Name] = new(CostModel.MacsPerToken(configuration, _options.Context), 0);
        values[ObjectiveCatalog.KvCacheBytes.Name] = new(CostModel.KvCacheBytes(configuration, _options.Weights, _options.Measurement.Batch, _options.Context), 0);
    }
}
