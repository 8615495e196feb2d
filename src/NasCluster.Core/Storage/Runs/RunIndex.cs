using System.Text;
using NasCluster.Core.Control;

namespace NasCluster.Core.Storage.Runs;

/// <summary>What must be known of a run's log to hold further records to its rules.</summary>
/// <remarks>Some 100 bytes a record in place of the record: hosts keep the records themselves elsewhere.</remarks>
internal sealed class RunIndex
{
    private readonly List<UInt128> _outcomes = [];
    private readonly HashSet<long> _trials = [];
    private readonly HashSet<UInt128> _evaluated = [];
    private readonly Dictionary<(long Lease, long Trial), UInt128> _starts = [];

    /// <summary>How many outcomes there are.</summary>
    public long Outcomes => _outcomes.Count;

    /// <summary>A lease number above every one started; 0 if none is.</summary>
    public long NextLease { get; private set; }

    /// <summary>What of some records is new, encoded, in the order of the log. Nothing is taken in.</summary>
    /// <exception cref="RunStoreException">One contradicts the log, or another of them.</exception>
    public List<LogRecord> NewOf(SaveEffect save)
    {
        var added = new List<LogRecord>();
        var starts = new Dictionary<(long, long), UInt128>();
        foreach (var start in save.Starts)
        {
            var record = RecordCodec.Encode(start);
            var (place, digest) = ((start.Lease.Value, start.Trial.Value), record.Digest());
            if (_starts.TryGetValue(place, out var known) || starts.TryGetValue(place, out known))
            {
                if (known != digest)
                {
                    throw Contradiction($"lease {start.Lease} of trial {start.Trial} is recorded otherwise");
                }

                continue;
            }

            starts.Add(place, digest);
            added.Add(record);
        }

        var next = Outcomes;
        var trials = new HashSet<long>();
        var evaluated = new HashSet<UInt128>();
        var digests = new List<UInt128>();
        foreach (var outcome in save.Outcomes)
        {
            var record = RecordCodec.Encode(outcome);
            if (outcome.Sequence >= 0 && outcome.Sequence < next)
            {
                var known = outcome.Sequence < Outcomes ? _outcomes[(int)outcome.Sequence] : digests[(int)(outcome.Sequence - Outcomes)];
                if (known != record.Digest())
                {
                    throw Contradiction($"outcome {outcome.Sequence} is recorded otherwise");
                }

                continue;
            }

            if (outcome.Sequence != next)
            {
                throw Contradiction($"outcome {outcome.Sequence} would leave a gap after {next - 1}");
            }

            var trial = outcome.Trial.Id.Value;
            if (_trials.Contains(trial) || !trials.Add(trial))
            {
                throw Contradiction($"trial {trial} of outcome {next} has an outcome already");
            }

            if (outcome.Source == OutcomeSource.Evaluated)
            {
                var key = KeyOf(outcome);
                if (_evaluated.Contains(key) || !evaluated.Add(key))
                {
                    throw Contradiction($"the key of outcome {next}, {outcome.Key}, is evaluated already");
                }
            }

            digests.Add(record.Digest());
            added.Add(record);
            next++;
        }

        return save.Snapshot is { } snapshot && (snapshot.Position < 0 || snapshot.Position > next)
            ? throw Contradiction($"a snapshot of {snapshot.Position} outcomes is ahead of the log, which holds {next}")
            : added;
    }

    /// <summary>Takes in records that <see cref="NewOf"/> found no fault with.</summary>
    public void Add(SaveEffect save)
    {
        foreach (var start in save.Starts)
        {
            Add(start, RecordCodec.Encode(start).Digest());
        }

        foreach (var outcome in save.Outcomes.Where(outcome => outcome.Sequence >= Outcomes))
        {
            Add(outcome, RecordCodec.Encode(outcome).Digest());
        }
    }

    private void Add(StartRecord start, UInt128 digest)
    {
        _starts[(start.Lease.Value, start.Trial.Value)] = digest;
        NextLease = Math.Max(NextLease, start.Lease.Value + 1);
    }

    private void Add(OutcomeRecord outcome, UInt128 digest)
    {
        _outcomes.Add(digest);
        _trials.Add(outcome.Trial.Id.Value);
        if (outcome.Source == OutcomeSource.Evaluated)
        {
            _evaluated.Add(KeyOf(outcome));
        }
    }

    private static UInt128 KeyOf(OutcomeRecord outcome) => LogRecord.DigestOf(Encoding.UTF8.GetBytes(outcome.Key.Value));

    private static RunStoreException Contradiction(string what) => new($"The write contradicts what the run has recorded ({what}).", true);
}
