using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;
using NasCluster.Core.Pareto;
using NasCluster.Core.Prediction;
using NasCluster.Core.Search;

namespace NasCluster.Reporting.Progress;

/// <summary>Follows the log of a search for those who show it: told from one thread or several, read from any.</summary>
/// <param name="model">The model's name for people.</param>
/// <param name="objectives">The search's objectives.</param>
/// <param name="budget">How many evaluations there are to be.</param>
public sealed class ProgressLog(string model, ImmutableArray<Objective> objectives, long budget) : IProgressSource
{
    private readonly Lock _lock = new();
    private readonly ParetoArchive _archive = new(objectives);
    private readonly List<OutcomeRecord> _successes = [];
    private readonly List<Fronts.HypervolumePoint> _history = [];
    private long _done;
    private long _failed;
    private long _remembered;
    private readonly EvaluatorRates _rates = new();
    private ImmutableArray<EvaluatorRow>? _evaluators;
    private ImmutableArray<PredictorFit> _predictors = [];
    private ProgressState _state = ProgressState.Running;
    private ProgressSnapshot? _snapshot;

    /// <summary>Takes the next outcomes of the log.</summary>
    public void Take(IReadOnlyList<OutcomeRecord> outcomes)
    {
        lock (_lock)
        {
            _snapshot = null;
            foreach (var record in outcomes)
            {
                _done++;
                _remembered += record.Source == OutcomeSource.Remembered ? 1 : 0;
                if (!record.Outcome.IsSuccess)
                {
                    _failed++;
                    continue;
                }

                _successes.Add(record);
                _archive.Insert(record.Trial, record.Outcome);
            }
        }
    }

    /// <summary>Takes the next points of the history of hypervolume.</summary>
    public void Take(IEnumerable<HypervolumePoint> points)
    {
        lock (_lock)
        {
            _history.AddRange(points.Select(Fronts.HypervolumePoint.Of));
            _snapshot = null;
        }
    }

    /// <summary>Takes how well the objectives were predicted when the latest round was proposed.</summary>
    public void Take(IReadOnlyList<PredictorFit> predictors)
    {
        lock (_lock)
        {
            _predictors = [.. predictors];
            _snapshot = null;
        }
    }

    /// <summary>Takes how the evaluators stand that work for the search now.</summary>
    public void Take(IReadOnlyCollection<EvaluatorListing> evaluators)
    {
        lock (_lock)
        {
            _evaluators = _rates.Take(evaluators);
            _snapshot = null;
        }
    }

    /// <summary>Takes note of where the search stands.</summary>
    public void Become(ProgressState state)
    {
        lock (_lock)
        {
            _state = state;
            _snapshot = null;
        }
    }

    /// <inheritdoc/>
    public ProgressSnapshot Read()
    {
        lock (_lock)
        {
            return _snapshot ??= Compute();
        }
    }

    private ProgressSnapshot Compute()
    {
        var front = _archive.Front.Select(e => e.Trial.Id).ToHashSet();
        return new ProgressSnapshot
        {
            Model = model,
            Objectives = objectives,
            Done = _done,
            Budget = budget,
            State = _state,
            Failed = _failed,
            Remembered = _remembered,
            Evaluators = _evaluators,
            Predictors = _predictors,
            History = [.. _history],
            Points = [.. _successes.Select(r => new EvaluatedPoint(r.Trial.Id, r.Outcome.Values, front.Contains(r.Trial.Id)))],
        };
    }
}
