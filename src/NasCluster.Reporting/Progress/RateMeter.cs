namespace NasCluster.Reporting.Progress;

/// <summary>Speed over a sliding window of time, so that a slow start or a burst is forgotten.</summary>
/// <remarks>The window stretches back to the last evaluation but one where evaluations take longer than it.</remarks>
internal sealed class RateMeter
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _window;
    private readonly long _started;
    private readonly List<(TimeSpan At, long Done)> _changes = [];
    private long _done;

    public RateMeter(TimeProvider time, TimeSpan window)
    {
        _time = time;
        _window = window;
        _started = time.GetTimestamp();
    }

    /// <summary>Time from the start to the latest sample.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Evaluations a second; null before the first one.</summary>
    public double? PerSecond
    {
        get
        {
            if (_changes.Count < 2)
            {
                return null;
            }

            var seconds = (Elapsed - _changes[0].At).TotalSeconds;
            return seconds > 0 ? (_done - _changes[0].Done) / seconds : null;
        }
    }

    /// <summary>Takes how many evaluations are done now.</summary>
    public void Add(long done)
    {
        Elapsed = _time.GetElapsedTime(_started);
        if (_changes.Count == 0 || done != _done)
        {
            _changes.Add((Elapsed, done));
        }

        _done = done;
        var old = 0;
        while (old + 2 < _changes.Count && Elapsed - _changes[old + 1].At >= _window)
        {
            old++;
        }

        _changes.RemoveRange(0, old);
    }

    /// <summary>How long the rest takes at this speed; null when that cannot be told.</summary>
    public TimeSpan? TimeFor(long left) =>
        left == 0 ? TimeSpan.Zero
        : PerSecond is double rate && left / rate < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(left / rate)
        : null;
}
