using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Prediction;
using NasCluster.Embedded.Hosting;

namespace NasCluster.Embedded.Tests.Hosting;

/// <summary>Keeps what it is told, and sees to it that it is told in order.</summary>
internal sealed class RecordingObserver : ISearchObserver
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private bool _isStarted;
    private FinishReason? _finished;

    public List<OutcomeRecord> Outcomes { get; } = [];

    public List<HypervolumePoint> Hypervolume { get; } = [];

    public List<PredictorFit[]> Fits { get; } = [];

    public List<string> Notices { get; } = [];

    /// <summary>Called after each batch of outcomes with how many there are.</summary>
    public Action<int>? OnOutcomes { get; init; }

    public void Started(IReadOnlyList<OutcomeRecord> recorded)
    {
        Assert.False(_isStarted);
        _isStarted = true;
        Outcomes.AddRange(recorded);
    }

    public void OutcomesRecorded(ImmutableArray<OutcomeRecord> outcomes)
    {
        RequireRunning();
        Assert.Equal(Enumerable.Range(Outcomes.Count, outcomes.Length), outcomes.Select(o => (int)o.Sequence));
        Outcomes.AddRange(outcomes);
        OnOutcomes?.Invoke(Outcomes.Count);
    }

    public void HypervolumeChanged(HypervolumePoint point)
    {
        RequireRunning();
        Hypervolume.Add(point);
    }

    public void Predicted(IReadOnlyList<PredictorFit> fits)
    {
        RequireRunning();
        Fits.Add([.. fits]);
    }

    public void Notice(string message)
    {
        RequireRunning();
        Notices.Add(message);
    }

    public void Finished(FinishReason reason)
    {
        RequireRunning();
        _finished = reason;
    }

    private void RequireRunning()
    {
        Assert.True(_isStarted);
        Assert.Null(_finished);
        Assert.Equal(_thread, Environment.CurrentManagedThreadId);
    }
}
