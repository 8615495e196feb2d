namespace NasCluster.Reporting.Progress;

/// <summary>Decides when a line is due: at the start, at each step of the budget, after a while without one, and at the end.</summary>
internal sealed class LineCadence(TimeSpan every, double everyPercent)
{
    private TimeSpan? _lastAt;
    private long _lastStep;

    public bool IsDue(ProgressFigures figures)
    {
        var step = (long)(figures.Snapshot.Share * 100 / everyPercent);
        var isDue = _lastAt is null || step > _lastStep || figures.Elapsed - _lastAt >= every || figures.Snapshot.State != ProgressState.Running;
        if (isDue)
        {
            _lastAt = figures.Elapsed;
            _lastStep = step;
        }

        return isDue;
    }
}
