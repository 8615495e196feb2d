using NasCluster.Reporting.Fronts;
using NasCluster.Reporting.Progress;

namespace NasCluster.Reporting.Tests.Progress;

/// <summary>A search that gets on by a fixed number of evaluations at every look.</summary>
internal sealed class ScriptedSource(long budget, long perRead, Action<long>? onRead = null) : IProgressSource
{
    private long _next;

    public ProgressSnapshot Read()
    {
        var done = Math.Min(_next, budget);
        _next += perRead;
        onRead?.Invoke(done);
        return At(done, budget);
    }

    /// <summary>The search after so many of its evaluations, its front marked among those.</summary>
    public static ProgressSnapshot At(long done, long budget)
    {
        var points = Reports.Large.Points.Take((int)done).ToArray();
        return new ProgressSnapshot
        {
            Model = "stories260K",
            Objectives = Reports.Large.Objectives,
            Done = done,
            Budget = budget,
            State = done == budget ? ProgressState.Finished : ProgressState.Running,
            History = [.. Enumerable.Range(1, (int)done / 10).Select(i => new HypervolumePoint(10 * i, 10_000 * (2 - Math.Exp(-i / 4.0))))],
            Points = [.. points.Select(p => p with { OnFront = !points.Any(o => o.Values[0].Value < p.Values[0].Value && o.Values[1].Value < p.Values[1].Value) })],
        };
    }
}
