namespace NasCluster.Evaluation.Measurements;

/// <summary>Lets any number score on a device side by side, and one measure with the device to itself.</summary>
/// <remarks>
/// One gate per device, shared by all its evaluators. A measurement that waits holds new scoring back, so that it gets its
/// turn. Unlike <see cref="ReaderWriterLockSlim"/> it can be waited for with a cancellation token and left by another thread.
/// </remarks>
public sealed class DeviceGate
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private int _sharing;
    private bool _exclusive;

    /// <summary>Who is inside and how many wait, for tests.</summary>
    internal (int Sharing, bool IsExclusive, int Waiting) State
    {
        get
        {
            lock (_lock)
            {
                return (_sharing, _exclusive, _waiting.Count);
            }
        }
    }

    /// <summary>Enters beside others that share; dispose of the result to leave.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting; the gate is not entered.</exception>
    public IDisposable Share(CancellationToken cancellation) => Enter(false, cancellation);

    /// <summary>Enters alone; dispose of the result to leave.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting; the gate is not entered.</exception>
    public IDisposable Exclude(CancellationToken cancellation) => Enter(true, cancellation);

    private Pass Enter(bool alone, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var waiter = new Waiter(alone);
        lock (_lock)
        {
            _waiting.AddLast(waiter);
            Admit();
        }

        try
        {
            waiter.Admitted.Task.Wait(cancellation);
            return new Pass(this, alone);
        }
        catch (OperationCanceledException)
        {
            GiveUp(waiter);
            throw;
        }
    }

    // First come, first served: whoever waits at the front decides whether those behind may go.
    private void Admit()
    {
        while (_waiting.First is { } first && !_exclusive && !(first.Value.Alone && _sharing > 0))
        {
            _waiting.RemoveFirst();
            if (first.Value.Alone)
            {
                _exclusive = true;
            }
            else
            {
                _sharing++;
            }

            first.Value.Admitted.SetResult();
        }
    }

    private void GiveUp(Waiter waiter)
    {
        lock (_lock)
        {
            // It may have been let in between the cancellation and here.
            if (!_waiting.Remove(waiter))
            {
                Release(waiter.Alone);
            }

            Admit();
        }
    }

    private void Release(bool alone)
    {
        if (alone)
        {
            _exclusive = false;
        }
        else
        {
            _sharing--;
        }
    }

    private void Leave(bool alone)
    {
        lock (_lock)
        {
            Release(alone);
            Admit();
        }
    }

    private sealed class Waiter(bool alone)
    {
        internal bool Alone { get; } = alone;

        internal TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Pass(DeviceGate gate, bool alone) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                gate.Leave(alone);
            }
        }
    }
}
