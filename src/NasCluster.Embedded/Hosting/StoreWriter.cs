using System.Collections.Concurrent;
using NasCluster.Core;
using NasCluster.Core.Control;

namespace NasCluster.Embedded.Hosting;

/// <summary>Writes to the store on a thread of its own, so that the loop goes on handing out work while a disk is busy.</summary>
/// <remarks>
/// <para>The controller has one write in flight at most, and what arrives meanwhile is in its next one: that is the group commit.</para>
/// <para>
/// Points of the history follow in writes of their own, at most one a second: they can be computed again from the log, so they
/// are not worth a wait of the disk for each.
/// </para>
/// </remarks>
internal sealed class StoreWriter : IDisposable
{
    private static readonly TimeSpan HistoryInterval = TimeSpan.FromSeconds(1);

    private readonly IRunStore _store;
    private readonly HostEvents _events;
    private readonly TimeProvider _time;
    private readonly int _attempts;
    private readonly BlockingCollection<object> _work = [];
    private readonly List<HypervolumePoint> _history = [];
    private readonly Thread _thread;
    private long _historyWritten;
    private int _failures;

    public StoreWriter(IRunStore store, HostEvents events, TimeProvider time, int attempts)
    {
        _store = store;
        _events = events;
        _time = time;
        _attempts = attempts;
        _historyWritten = time.GetTimestamp();
        _thread = new Thread(Work) { Name = "store", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Makes a write durable; answers with an event.</summary>
    public void Save(SaveEffect save) => _work.Add(save);

    /// <summary>Adds points to the history, some time before <see cref="Dispose"/> returns.</summary>
    public void Save(IReadOnlyList<HypervolumePoint> points) => _work.Add(points);

    /// <summary>Writes what is left and ends.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Work()
    {
        try
        {
            foreach (var item in _work.GetConsumingEnumerable())
            {
                if (item is SaveEffect save)
                {
                    Write(save);
                }
                else
                {
                    _history.AddRange((IReadOnlyList<HypervolumePoint>)item);
                }

                if (_work.Count == 0 && _time.GetElapsedTime(_historyWritten) >= HistoryInterval)
                {
                    WriteHistory();
                }
            }

            WriteHistory();
        }
        catch (Exception exception)
        {
            // A thread that dies silently would leave the controller waiting for ever.
            _events.Fail(exception);
        }
    }

    private void Write(SaveEffect save)
    {
        try
        {
            _store.SaveAsync(save, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            _failures = 0;
        }
        catch (RunStoreException exception) when (!exception.IsPermanent)
        {
            if (++_failures >= _attempts)
            {
                throw new NasClusterException($"{exception.Message} Gave up after {_failures} attempts to save; everything recorded before is kept.", exception);
            }

            _events.Post(at => new SaveFailedEvent(at, save.Write), $"A write failed and will be tried again: {exception.Message}");
            return;
        }

        _events.Post(at => new SavedEvent(at, save.Write));
    }

    private void WriteHistory()
    {
        _historyWritten = _time.GetTimestamp();
        if (_history.Count == 0)
        {
            return;
        }

        try
        {
            _store.SaveHypervolumeAsync(_history, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            _history.Clear();
        }
        catch (RunStoreException exception) when (!exception.IsPermanent)
        {
            // Kept for the next time; after the last, whoever opens the run again computes them from the log.
        }
    }
}
