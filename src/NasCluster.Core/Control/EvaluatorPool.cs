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

    /// <summary>How many trials the idle evaluators take together.</summary>
    public long IdleCapacity { get; private set; }

    /// <summary>The idle evaluator to serve next; null when there is none.</summary>
    public EvaluatorSlot? Next => _idle.Min;

    public EvaluatorSlot? Find(EvaluatorId id) => _slots.GetValueOrDefault(id);

    /// <summary>Adds an evaluator that is not in the pool, idle.</summary>
    public void Add(EvaluatorId id, int batchSize)
    {
        var slot = new EvaluatorSlot(id, batchSize) { Turn = ++_turn };
        _slots.Add(id, slot);
        Rest(slot);
    }

    /// <summary>Forgets an evaluator.</summary>
    public void Remove(EvaluatorSlot slot)
    {
        Occupy(slot);
        _slots.Remove(slot.Id);
    }

    /// <summary>Gives an idle evaluator a lease, which sends it to the end of the line.</summary>
    public void Serve(EvaluatorSlot slot, Lease lease)
    {
        Occupy(slot);
        slot.Turn = ++_turn;
        slot.Lease = lease;
    }

    /// <summary>Takes note that an evaluator is free: idle again, or gone if it was only finishing.</summary>
    public void Free(EvaluatorSlot slot)
    {
        slot.Lease = null;
        if (slot.IsDraining)
        {
            _slots.Remove(slot.Id);
        }
        else
        {
            Rest(slot);
        }
    }

    /// <summary>Gives an evaluator no more leases; forgets it at once if it is free.</summary>
    public void Drain(EvaluatorSlot slot)
    {
        slot.IsDraining = true;
        Occupy(slot);
        if (slot.Lease is null)
        {
            _slots.Remove(slot.Id);
        }
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
