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
    private double? _hypervolume;
    private ProgressState _state = ProgressState.Running;
    private ProgressSnapshot? _snapshot;

    public RunProgress(string model, ImmutableArray<Objective> objectives, long budget)
    {
        _model = model;
        _objectives = objectives;
        _budget = budget;
        _archive = new ParetoArchive(objectives);
    }

    /// <summary>What the host had to say besides outcomes, oldest first.</summary>
    public List<string> Notices { get; } = [];

    public void Started(IReadOnlyList<OutcomeRecord> recorded) => Take(recorded);

    public void OutcomesRecorded(ImmutableArray<OutcomeRecord> outcomes) => Take(outcomes);

    public void HypervolumeChanged(HypervolumePoint point)
    {
        lock (_lock)
        {
            _hypervolume = point.Hypervolume;
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
            Hypervolume = _hypervolume,
            Points = [.. _successes.Select(r => new EvaluatedPoint(r.Trial.Id, r.Outcome.Values, front.Contains(r.Trial.Id)))],
        };
    }
}
