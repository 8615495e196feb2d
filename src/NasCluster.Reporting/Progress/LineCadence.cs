namespace NasCluster.Reporting.Progress;

/// <summary>Decides when a line is due: at the start, at each step of the budget, after a while without one, and at the end.</summary>
internal sealed class LineCadence(TimeSpan every, double everyPercent)
{
    private TimeSpan? _lastAt;
    private long _lastStep;

    public bool IsDue(IProgressSnapshot snapshot, TimeSpan elapsed)
    {
        var step = (long)(snapshot.Share * 100 / everyPercent);
        var isDue = _lastAt is null || step > _lastStep || elapsed - _lastAt >= every || snapshot.State != ProgressState.Running;
        if (isDue)
        {
            _lastAt = elapsed;
            _lastStep = step;
        }

        return isDue;
    }
}
