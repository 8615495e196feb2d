using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Pareto;
using NasCluster.Core.Search;
using NasCluster.Embedded.Hosting;
using NasCluster.Reporting;
using NasCluster.Reporting.Progress;

namespace NasCluster.Local.Runs;

/// <summary>Follows a running search for those who show it: told on the host's loop, read from any thread.</summary>
internal sealed class RunProgress : ISearchObserver, IProgressSource
{
    private readonly Lock _lock = new();
    private readonly string _model;
    private readonly ImmutableArray<Objective> _objectives;
    private readonly long _budget;
    private readonly ParetoArchive _archive;
    private readonly List<OutcomeRecord> _successes = [];
    private long _done;
    private long _failed;
    private long _remembered;
    private readonly ImmutableArray<Reporting.Fronts.HypervolumePoint> _recorded;
    private readonly List<Reporting.Fronts.HypervolumePoint> _history = [];
    private ProgressState _state = ProgressState.Running;
    private ProgressSnapshot? _snapshot;

    /// <param name="model">The model's name for people.</param>
    /// <param name="objectives">The search's objectives.</param>
    /// <param name="budget">How many evaluations there are to be.</param>
    /// <param name="history">The hypervolume recorded by earlier sessions, of which the host tells its observer nothing.</param>
    public RunProgress(string model, ImmutableArray<Objective> objectives, long budget, IEnumerable<HypervolumePoint> history)
    {
        _recorded = [.. history.Select(RunReport.Point)];
        _model = model;
        _objectives = objectives;
        _budget = budget;
        _archive = new ParetoArchive(objectives);
    }

    /// <summary>What the host had to say besides outcomes, oldest first.</summary>
    public List<string> Notices { get; } = [];

    public void Started(IReadOnlyList<OutcomeRecord> recorded)
    {
        lock (_lock)
        {
            _history.AddRange(_recorded);
            Take(recorded);
        }
    }

    public void OutcomesRecorded(ImmutableArray<OutcomeRecord> outcomes) => Take(outcomes);

    public void HypervolumeChanged(HypervolumePoint point)
    {
        lock (_lock)
        {
            _history.Add(RunReport.Point(point));
            _snapshot = null;
        }
    }

    public void Notice(string message)
    {
        lock (_lock)
        {
            Notices.Add(message);
        }
    }

    public void Finished(FinishReason reason)
    {
        lock (_lock)
        {
            _state = reason == FinishReason.Completed ? ProgressState.Finished : ProgressState.Stopped;
            _snapshot = null;
        }
    }

    public ProgressSnapshot Read()
    {
        lock (_lock)
        {
            return _snapshot ??= Compute();
        }
    }

    private void Take(IReadOnlyList<OutcomeRecord> outcomes)
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

    private ProgressSnapshot Compute()
    {
        var front = _archive.Front.Select(e => e.Trial.Id).ToHashSet();
        return new ProgressSnapshot
        {
            Model = _model,
            Objectives = _objectives,
            Done = _done,
            Budget = _budget,
            State = _state,
            Failed = _failed,
            Remembered = _remembered,
            History = [.. _history],
            Points = [.. _successes.Select(r => new EvaluatedPoint(r.Trial.Id, r.Outcome.Values, front.Contains(r.Trial.Id)))],
        };
    }
}
