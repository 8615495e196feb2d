using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Prediction;
using NasCluster.Embedded.Hosting;
using NasCluster.Reporting.Progress;

namespace NasCluster.Local.Runs;

/// <summary>Follows a running search for those who show it: told on the host's loop, read from any thread.</summary>
/// <param name="log">What is shown.</param>
/// <param name="recorded">The hypervolume recorded by earlier sessions, of which the host tells its observer nothing.</param>
internal sealed class RunProgress(ProgressLog log, IReadOnlyList<HypervolumePoint> recorded) : ISearchObserver
{
    private readonly Lock _lock = new();
    private readonly List<string> _notices = [];

    /// <summary>What the host had to say besides outcomes, oldest first.</summary>
    public IReadOnlyList<string> Notices
    {
        get
        {
            lock (_lock)
            {
                return [.. _notices];
            }
        }
    }

    public void Started(IReadOnlyList<OutcomeRecord> recordedOutcomes)
    {
        log.Take(recorded);
        log.Take(recordedOutcomes);
    }

    public void OutcomesRecorded(ImmutableArray<OutcomeRecord> outcomes) => log.Take(outcomes);

    public void HypervolumeChanged(HypervolumePoint point) => log.Take([point]);

    public void Predicted(IReadOnlyList<PredictorFit> fits) => log.Take(fits);

    public void Notice(string message)
    {
        lock (_lock)
        {
            _notices.Add(message);
        }
    }

    public void Finished(FinishReason reason) => log.Become(reason == FinishReason.Completed ? ProgressState.Finished : ProgressState.Stopped);
}
