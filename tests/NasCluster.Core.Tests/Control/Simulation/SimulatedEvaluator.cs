using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Search;

namespace NasCluster.Core.Tests.Control.Simulation;

/// <summary>One worker process: works through what it is sent, renews, reports, and dies of poison.</summary>
/// <remarks>It may hold several leases at once: those it should have dropped are what makes it a zombie.</remarks>
internal sealed class SimulatedEvaluator(SimulatedWorld world, EvaluatorId id, int batchSize)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    private readonly HashSet<LeaseId> _seen = [];
    private readonly Dictionary<LeaseId, object> _jobs = [];
    private TimeSpan _lastHeard;

    public EvaluatorId Id { get; } = id;

    public bool IsAlive { get; private set; } = true;

    /// <summary>Offers its work soon; the message is repeated until it arrives.</summary>
    /// <param name="dropsWork">Whether it lets go of what it holds first, as the message says it has.</param>
    public void Announce(bool dropsWork)
    {
        if (dropsWork)
        {
            _jobs.Clear();
        }

        _lastHeard = world.Now;
        world.SendJoin(this, at => new EvaluatorJoinedEvent(at, Id, batchSize));
    }

    /// <summary>Dies with all it holds, and comes back some time later.</summary>
    public void Die()
    {
        if (!IsAlive)
        {
            return;
        }

        world.Trace($"{Id} dies");
        IsAlive = false;
        _jobs.Clear();
        _seen.Clear();
        if (world.Random.Chance(0.5))
        {
            world.SendLost(this);
        }

        world.After(world.Seconds(5, 40), () =>
        {
            IsAlive = true;
            Announce(dropsWork: true);
        });
    }

    public void Dispatched(LeaseId lease, ImmutableArray<Trial> trials)
    {
        if (!IsAlive || !_seen.Add(lease))
        {
            return;
        }

        _lastHeard = world.Now;
        var job = new object();
        _jobs.Add(lease, job);
        Work(lease, job, trials, 0);
        Renew(lease, job);
    }

    public void Revoked(LeaseId lease)
    {
        if (!IsAlive || world.Random.Chance(world.Faults.IgnoredRevocation))
        {
            return;
        }

        // A revocation may overtake the dispatch it is about.
        _seen.Add(lease);
        _lastHeard = world.Now;
        _jobs.Remove(lease);
        world.SendAboutLease(this, at => new LeaseReleasedEvent(at, lease));
    }

    /// <summary>Announces itself again after a long silence: the controller may have forgotten it.</summary>
    public void Watch()
    {
        if (IsAlive && _jobs.Count == 0 && world.Now - _lastHeard > Patience)
        {
            Announce(dropsWork: true);
        }

        world.After(TimeSpan.FromSeconds(50), Watch);
    }

    private void Work(LeaseId lease, object job, ImmutableArray<Trial> trials, int next)
    {
        if (next == trials.Length)
        {
            _jobs.Remove(lease);
            return;
        }

        var takes = world.Random.Chance(world.Faults.SlowEvaluation) ? world.Seconds(60, 150) : world.Seconds(0.5, 15);
        world.After(takes, () =>
        {
            if (!Holds(lease, job))
            {
                return;
            }

            var trial = trials[next];
            if (world.Evaluations.IsPoison(trial.Genome))
            {
                DieUnlessProtected(lease, job);
                return;
            }

            var outcome = world.IsFlaky(trial) ? EvaluationOutcome.Failed("out of memory") : world.Evaluations.Evaluate(trial.Genome);
            world.SendAboutLease(this, at => new OutcomeReportedEvent(at, lease, trial.Id, outcome));
            Work(lease, job, trials, next + 1);
        });
    }

    private void DieUnlessProtected(LeaseId lease, object job)
    {
        if (!Holds(lease, job))
        {
            return;
        }

        if (world.IsProtected(Id))
        {
            world.After(TimeSpan.FromSeconds(5), () => DieUnlessProtected(lease, job));
        }
        else
        {
            Die();
        }
    }

    private void Renew(LeaseId lease, object job) => world.After(TimeSpan.FromSeconds(15), () =>
    {
        if (Holds(lease, job))
        {
            world.SendAboutLease(this, at => new LeaseRenewedEvent(at, lease));
            Renew(lease, job);
        }
    });

    private bool Holds(LeaseId lease, object job) => _jobs.TryGetValue(lease, out var current) && current == job;
}
