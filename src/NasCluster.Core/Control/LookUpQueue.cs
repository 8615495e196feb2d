using System.Collections.Immutable;

namespace NasCluster.Core.Control;

/// <summary>Trials whose keys the cache is asked about.</summary>
/// <remarks>
/// The cache only saves work, so it may not hold up a search: an answer that is not there in time is taken as "unknown".
/// </remarks>
internal sealed class LookUpQueue(TimeSpan patience)
{
    private readonly Dictionary<long, ImmutableArray<TrialEntry>> _open = [];
    private readonly Queue<(long LookUp, TimeSpan Deadline)> _deadlines = new();
    private readonly List<TrialEntry> _waiting = [];
    private long _next = 1;

    /// <summary>How many trials wait for an answer, or to be asked about.</summary>
    public int Count { get; private set; }

    /// <summary>Queues a trial to be asked about.</summary>
    public void Add(TrialEntry entry)
    {
        _waiting.Add(entry);
        Count++;
    }

    /// <summary>Asks about the trials queued since the last time; null if there are none.</summary>
    public LookUpEffect? Begin(TimeSpan now)
    {
        if (_waiting.Count == 0)
        {
            return null;
        }

        var lookUp = _next++;
        _open.Add(lookUp, [.. _waiting]);
        _deadlines.Enqueue((lookUp, now + patience));
        var effect = new LookUpEffect(lookUp, [.. _waiting.Select(entry => entry.Group.Key)]);
        _waiting.Clear();
        return effect;
    }

    /// <summary>Ends a look-up.</summary>
    /// <returns>Its trials; none if it has ended before.</returns>
    public ImmutableArray<TrialEntry> Complete(long lookUp)
    {
        if (!_open.Remove(lookUp, out var entries))
        {
            return [];
        }

        Count -= entries.Length;
        return entries;
    }

    /// <summary>Ends the look-ups that were not answered in time.</summary>
    /// <returns>Their trials.</returns>
    public IEnumerable<TrialEntry> Overdue(TimeSpan now)
    {
        while (_deadlines.TryPeek(out var oldest) && oldest.Deadline <= now)
        {
            _deadlines.Dequeue();
            foreach (var entry in Complete(oldest.LookUp))
            {
                yield return entry;
            }
        }
    }
}
