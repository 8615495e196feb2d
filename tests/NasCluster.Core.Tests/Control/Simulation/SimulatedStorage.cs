using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using static NasCluster.Core.Tests.Control.Simulation.SimulationFailure;

namespace NasCluster.Core.Tests.Control.Simulation;

/// <summary>What survives a crash. Writes are all or none; one that comes twice changes nothing.</summary>
internal sealed class SimulatedStorage
{
    private readonly HashSet<TrialId> _trials = [];
    private readonly HashSet<EvaluationKey> _evaluated = [];
    private long _nextLease;

    public HashSet<(LeaseId Lease, TrialId Trial)> Starts { get; } = [];

    public List<OutcomeRecord> Outcomes { get; } = [];

    public ControllerSnapshot? Snapshot { get; private set; }

    public RecoveredState Recover() => new(Snapshot, _nextLease, [.. Outcomes]);

    public void Apply(SaveEffect save)
    {
        foreach (var start in save.Starts)
        {
            Starts.Add((start.Lease, start.Trial));
            _nextLease = Math.Max(_nextLease, start.Lease.Value + 1);
        }

        foreach (var record in save.Outcomes)
        {
            if (record.Sequence < Outcomes.Count)
            {
                Unless(Outcomes[(int)record.Sequence] == record, $"outcome {record.Sequence} was written again with other content");
                continue;
            }

            Unless(record.Sequence == Outcomes.Count, $"outcome {record.Sequence} leaves a gap after {Outcomes.Count - 1}");
            Unless(_trials.Add(record.Trial.Id), $"trial {record.Trial.Id} has a second outcome");
            Unless(record.Key == SimulatedEvaluations.KeyOf(record.Trial.Genome), $"trial {record.Trial.Id} is recorded under a wrong key");
            Unless(
                record.Source != OutcomeSource.Evaluated || _evaluated.Add(record.Key),
                $"key {record.Key} is recorded as evaluated a second time");
            Outcomes.Add(record);
        }

        if (save.Snapshot is { } snapshot)
        {
            Unless(snapshot.Position <= Outcomes.Count, $"snapshot at {snapshot.Position} of {Outcomes.Count} outcomes");
            Unless(
                GenerationalSearch.Restore(snapshot.Search).ToldCount == snapshot.Position,
                $"snapshot at {snapshot.Position} covers other outcomes");

            // A failed attempt may come through long after its repetition: it must not bring an older snapshot back.
            if (snapshot.Position >= (Snapshot?.Position ?? 0))
            {
                Snapshot = snapshot;
            }
        }
    }
}
