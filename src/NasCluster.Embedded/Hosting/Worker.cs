using System.Collections.Concurrent;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Embedded.Hosting;

/// <summary>One evaluator of the controller: a thread that evaluates what it is given, one lease at a time.</summary>
/// <remarks>It counts on the controller, which gives a worker no lease before it heard the end of the one before.</remarks>
internal sealed class Worker : IDisposable
{
    private readonly SearchJob _job;
    private readonly HostEvents _events;
    private readonly TimeProvider _time;
    private readonly TimeSpan _renewalInterval;
    private readonly BlockingCollection<Assignment> _assignments = [];
    private readonly Lock _lock = new();
    private readonly Thread _thread;
    private Assignment? _current;

    public Worker(EvaluatorId id, SearchJob job, HostEvents events, TimeProvider time, TimeSpan renewalInterval)
    {
        Id = id;
        _job = job;
        _events = events;
        _time = time;
        _renewalInterval = renewalInterval;
        _thread = new Thread(Work) { Name = id.Value, IsBackground = true };
        _thread.Start();
    }

    public EvaluatorId Id { get; }

    /// <summary>Has the worker evaluate trials.</summary>
    public void Dispatch(DispatchEffect dispatch)
    {
        var assignment = new Assignment(dispatch);
        lock (_lock)
        {
            _current = assignment;
        }

        _assignments.Add(assignment);
    }

    /// <summary>Has the worker drop a lease; it answers when it has, at once if it does not hold it.</summary>
    public void Revoke(LeaseId lease)
    {
        if (!Cancel(assignment => assignment.Dispatch.Lease == lease))
        {
            _events.Post(at => new LeaseReleasedEvent(at, lease));
        }
    }

    /// <summary>Tells the worker to drop what it does and end.</summary>
    public void Stop()
    {
        Cancel(_ => true);
        _assignments.CompleteAdding();
    }

    /// <summary>Stops the worker and waits until it has ended.</summary>
    /// <remarks>It waits as long as the evaluator takes to notice: the caller will dispose of what the evaluator reads from, and a
    /// thread still reading mapped weights would then take the whole process down.</remarks>
    public void Dispose()
    {
        Stop();
        _thread.Join();
        _assignments.Dispose();
    }

    private bool Cancel(Predicate<Assignment> condition)
    {
        Assignment current;
        lock (_lock)
        {
            if (_current is null || !condition(_current))
            {
                return false;
            }

            current = _current;
            current.IsRevoked = true;
        }

        // Outside the lock, for what the evaluator registered to happen on cancellation happens here.
        current.Cancellation.Cancel();
        return true;
    }

    private void Work()
    {
        foreach (var assignment in _assignments.GetConsumingEnumerable())
        {
            IReadOnlyList<EvaluationOutcome> outcomes;
            try
            {
                outcomes = TrialBatch.Evaluate(
                    _job.Evaluator, _job.Space, assignment.Dispatch.Trials, Renewal(assignment.Dispatch.Lease), assignment.Cancellation.Token);
            }
            catch (DeviceLostException exception)
            {
                // There is no other device to go on with; what is told already is recorded.
                _events.Fail(exception);
                return;
            }

            // No longer the current one before the report: the report may bring the next dispatch at once.
            lock (_lock)
            {
                _current = null;
            }

            Report(assignment, outcomes);
        }
    }

    private void Report(Assignment assignment, IReadOnlyList<EvaluationOutcome> outcomes)
    {
        var lease = assignment.Dispatch.Lease;
        for (var i = 0; i < outcomes.Count; i++)
        {
            var trial = assignment.Dispatch.Trials[i].Id;
            var outcome = outcomes[i];
            _events.Post(at => new OutcomeReportedEvent(at, lease, trial, outcome));
        }

        if (assignment.IsRevoked)
        {
            _events.Post(at => new LeaseReleasedEvent(at, lease));
        }
    }

    private Action Renewal(LeaseId lease)
    {
        var renewed = _time.GetTimestamp();
        return () =>
        {
            var last = Volatile.Read(ref renewed);
            var now = _time.GetTimestamp();
            if (_time.GetElapsedTime(last, now) >= _renewalInterval && Interlocked.CompareExchange(ref renewed, now, last) == last)
            {
                _events.Post(at => new LeaseRenewedEvent(at, lease));
            }
        };
    }

    private sealed class Assignment(DispatchEffect dispatch)
    {
        public DispatchEffect Dispatch { get; } = dispatch;

        public CancellationTokenSource Cancellation { get; } = new();

        public bool IsRevoked { get; set; }
    }
}
