using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;
using NasCluster.Core.Search;

namespace NasCluster.Benchmarks.Dispatch;

/// <summary>One evaluator with its lives: announces itself, works through batches trial by trial, renews, dies, is replaced.</summary>
internal sealed class SimulatedDevice(DispatchWorld world, int number)
{
    private readonly EvaluatorId _id = new($"gpu-{number:D4}");
    private long _life;
    private Job? _job;

    public bool IsAlive { get; private set; }

    public void Start()
    {
        var life = ++_life;
        IsAlive = true;
        world.Alive.Add(1);
        Announce(life);
        var until = -Math.Log(1 - EvaluationTimes.Unit((ulong)number, (ulong)(1_000 + life))) * world.Options.MeanLife;
        world.After(until, Die);
    }

    public void Dispatch(SimulatedSearch search, DispatchEffect dispatch)
    {
        if (!IsAlive)
        {
            return;
        }

        // A directory that lends it twice would show here.
        world.Overlaps += _job is not null && _job.Search != search ? 1 : 0;
        Drop();
        _job = new Job(search, dispatch.Lease, new Queue<Trial>(dispatch.Trials));
        search.Busy.Add(1);
        Renew(_job);
        Next(_job);
    }

    public void Revoke(SimulatedSearch search, LeaseId lease)
    {
        if (!IsAlive)
        {
            return;
        }

        if (_job?.Search == search && _job.Lease == lease)
        {
            Drop();
        }

        search.Send(at => new LeaseReleasedEvent(at, lease));
    }

    private void Announce(long life)
    {
        if (IsAlive && life == _life)
        {
            world.Directory(directory => directory.Announce(
                world.Time, new EvaluatorAnnouncement(_id, life, _id.Value, world.Options.BatchSize, null, [], IsDraining: false)));
            world.After(2, () => Announce(life));
        }
    }

    private void Die()
    {
        Drop();
        IsAlive = false;
        world.Deaths++;
        world.Alive.Add(-1);
        world.After(world.Options.DeathKnownAfter, () => world.Directory(directory => directory.LoseSilo(world.Time, _id.Value)));
        world.After(world.Options.ReplacedAfter, Start);
    }

    private void Next(Job job)
    {
        var trial = job.Trials.Dequeue();
        var (seconds, fails) = job.Search.Attempt(trial.Id);
        world.After(seconds, () =>
        {
            if (_job != job)
            {
                return;
            }

            var outcome = fails ? EvaluationOutcome.Failed("simulated") : job.Search.OutcomeOf(trial);
            if (job.Trials.Count == 0)
            {
                Drop();
            }
            else
            {
                Next(job);
            }

            job.Search.Send(at => new OutcomeReportedEvent(at, job.Lease, trial.Id, outcome));
        });
    }

    private void Renew(Job job) => world.After(15, () =>
    {
        if (_job == job)
        {
            job.Search.Send(at => new LeaseRenewedEvent(at, job.Lease));
            Renew(job);
        }
    });

    private void Drop()
    {
        _job?.Search.Busy.Add(-1);
        _job = null;
    }

    private sealed record Job(SimulatedSearch Search, LeaseId Lease, Queue<Trial> Trials);
}
