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

    /// <summary>What of some records is new. Nothing is taken in.</summary>
    /// <exception cref="RunStoreException">One contradicts the log, or another of them.</exception>
    public RunAddition NewOf(SaveEffect save)
    {
        var added = new RunAddition([], [], []);
        AddStarts(save, added);
        AddOutcomes(save, added);
        var reach = Outcomes + added.Outcomes.Count;
        return save.Snapshot is { } snapshot && (snapshot.Position < 0 || snapshot.Position > reach)
            ? throw Contradiction($"a snapshot of {snapshot.Position} outcomes is ahead of the log, which holds {reach}")
            : added;
    }

    /// <summary>Takes in what <see cref="NewOf"/> found.</summary>
    public void Add(RunAddition added)
    {
        foreach (var (place, digest) in added.Starts)
        {
            _starts.Add(place, digest);
            NextLease = Math.Max(NextLease, place.Lease + 1);
        }

        foreach (var (trial, digest, evaluated) in added.Outcomes)
        {
            _outcomes.Add(digest);
            _trials.Add(trial);
            if (evaluated is { } key)
            {
                _evaluated.Add(key);
            }
        }
    }

    private void AddStarts(SaveEffect save, RunAddition added)
    {
        foreach (var start in save.Starts)
        {
            var record = RecordCodec.Encode(start);
            var (place, digest) = ((start.Lease.Value, start.Trial.Value), record.Digest());
            if (!_starts.TryGetValue(place, out var known) && !added.Starts.TryGetValue(place, out known))
            {
                added.Starts.Add(place, digest);
                added.Records.Add(record);
            }
            else if (known != digest)
            {
                throw Contradiction($"lease {start.Lease} of trial {start.Trial} is recorded otherwise");
            }
        }
    }

    private void AddOutcomes(SaveEffect save, RunAddition added)
    {
        var trials = new HashSet<long>();
        var evaluated = new HashSet<UInt128>();
        foreach (var outcome in save.Outcomes)
        {
            var (next, sequence) = (Outcomes + added.Outcomes.Count, outcome.Sequence);
            var record = RecordCodec.Encode(outcome);
            var digest = record.Digest();
            if (sequence >= 0 && sequence < next)
            {
                var known = sequence < Outcomes ? _outcomes[(int)sequence] : added.Outcomes[(int)(sequence - Outcomes)].Digest;
                if (known != digest)
                {
                    throw Contradiction($"outcome {sequence} is recorded otherwise");
                }

                continue;
            }

            if (sequence != next)
            {
                throw Contradiction($"outcome {sequence} would leave a gap after {next - 1}");
            }

            var trial = outcome.Trial.Id.Value;
            if (_trials.Contains(trial) || !trials.Add(trial))
            {
                throw Contradiction($"trial {trial} of outcome {next} has an outcome already");
            }

            UInt128? key = outcome.Source == OutcomeSource.Evaluated ? LogRecord.DigestOf(Encoding.UTF8.GetBytes(outcome.Key.Value)) : null;
            if (key is { } mine && (_evaluated.Contains(mine) || !evaluated.Add(mine)))
            {
                throw Contradiction($"the key of outcome {next}, {outcome.Key}, is evaluated already");
            }

            added.Outcomes.Add((trial, digest, key));
            added.Records.Add(record);
        }
    }

    private static RunStoreException Contradiction(string what) => new($"The write contradicts what the run has recorded ({what}).", true);
}

/// <summary>Records that are new to a log.</summary>
/// <param name="Records">All of them, in the order of the log.</param>
/// <param name="Starts">The digest of each start.</param>
/// <param name="Outcomes">The trial, digest, and digest of the key if evaluated, of each outcome, by sequence.</param>
internal sealed record RunAddition(
    List<LogRecord> Records, Dictionary<(long Lease, long Trial), UInt128> Starts, List<(long Trial, UInt128 Digest, UInt128? Evaluated)> Outcomes);
