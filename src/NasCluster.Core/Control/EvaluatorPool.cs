namespace NasCluster.Core.Control;

/// <summary>The evaluators there are, and which of them is served next.</summary>
/// <remarks>
/// Whoever waited longest since it was last served (or joined) goes first, so that the order depends on the events alone and
/// nobody starves. An evaluator holds one lease at a time: only then does "alone on its evaluator" mean anything.
/// </remarks>
internal sealed class EvaluatorPool
{
    private readonly Dictionary<EvaluatorId, EvaluatorSlot> _slots = [];
    private readonly SortedSet<EvaluatorSlot> _idle = new(Comparer<EvaluatorSlot>.Create((a, b) => a.Turn.CompareTo(b.Turn)));
    private long _turn;
    private int _draining;

    /// <summary>How many trials the idle evaluators take together.</summary>
    public long IdleCapacity { get; private set; }

    /// <summary>How many trials all evaluators that are not draining take together.</summary>
    public long Capacity { get; private set; }

    /// <summary>How many there are, draining ones included.</summary>
    public int Count => _slots.Count;

    /// <summary>How many are idle.</summary>
    public int Idle => _idle.Count;

    /// <summary>How many are at work, or have yet to drop what they worked on, and may get more after it.</summary>
    public int Working => _slots.Count - _draining - _idle.Count;

    /// <summary>All of them, by name.</summary>
    public IEnumerable<EvaluatorSlot> Slots => _slots.Values.OrderBy(slot => slot.Id.Value, StringComparer.Ordinal);

    /// <summary>The idle evaluator to serve next; null when there is none.</summary>
    public EvaluatorSlot? Next => _idle.Min;

    public EvaluatorSlot? Find(EvaluatorId id) => _slots.GetValueOrDefault(id);

    /// <summary>Adds an evaluator that is not in the pool, idle.</summary>
    public void Add(EvaluatorId id, int batchSize)
    {
        var slot = new EvaluatorSlot(id, batchSize) { Turn = ++_turn };
        _slots.Add(id, slot);
        Capacity += batchSize;
        Rest(slot);
    }

    /// <summary>Forgets an evaluator.</summary>
    public void Remove(EvaluatorSlot slot)
    {
        Occupy(slot);
        Leave(slot);
    }

    /// <summary>Gives an idle evaluator a lease, which sends it to the end of the line.</summary>
    public void Serve(EvaluatorSlot slot, Lease lease)
    {
        Occupy(slot);
        slot.Turn = ++_turn;
        slot.Lease = lease;
    }

    /// <summary>Takes note that an evaluator is free: idle again, or gone if it was only finishing.</summary>
    /// <returns>Whether it is gone.</returns>
    public bool Free(EvaluatorSlot slot)
    {
        slot.Lease = null;
        if (slot.IsDraining)
        {
            Leave(slot);
            return true;
        }

        Rest(slot);
        return false;
    }

    /// <summary>Gives an evaluator no more leases; forgets it at once if it is free.</summary>
    /// <returns>Whether it is gone.</returns>
    public bool Drain(EvaluatorSlot slot)
    {
        if (!slot.IsDraining)
        {
            slot.IsDraining = true;
            _draining++;
            Capacity -= slot.BatchSize;
        }

        Occupy(slot);
        return slot.Lease is null && Leave(slot);
    }

    private bool Leave(EvaluatorSlot slot)
    {
        if (slot.IsDraining)
        {
            _draining--;
        }
        else
        {
            Capacity -= slot.BatchSize;
        }

        return _slots.Remove(slot.Id);
    }

    private void Rest(EvaluatorSlot slot)
    {
        if (_idle.Add(slot))
        {
            IdleCapacity += slot.BatchSize;
        }
    }

    private void Occupy(EvaluatorSlot slot)
    {
        if (_idle.Remove(slot))
        {
            IdleCapacity -= slot.BatchSize;
        }
    }
}
