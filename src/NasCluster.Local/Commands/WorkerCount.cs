using NasCluster.Core;
using NasCluster.Pipeline;

namespace NasCluster.Local.Commands;

/// <summary>How many evaluations run side by side.</summary>
internal static class WorkerCount
{
    /// <summary>
    /// What was asked for, else one per processor, but one when speed is measured and no more than a steady-state search keeps busy.
    /// </summary>
    /// <remarks>
    /// More than the search keeps open is refused rather than cut down or let idle: <c>in_flight</c> decides what the search proposes,
    /// so it must not follow the machine, and whoever asks for 16 workers should hear that 8 of them would never work.
    /// </remarks>
    /// <param name="asked">What <c>--workers</c> says; null when it is not given.</param>
    /// <param name="batch">The most candidates a worker takes at once, at least 1.</param>
    /// <param name="plan">What is searched.</param>
    /// <param name="processors">How many processors there are, at least 1.</param>
    /// <exception cref="NasClusterException">A steady-state search would not have enough for all workers to do.</exception>
    public static int Of(int? asked, int batch, SearchPlan plan, int processors)
    {
        var workers = asked ?? (plan.NeedsDeviceAlone ? 1 : processors);
        if (plan.OpenTrials is not { } open)
        {
            return workers;
        }

        if (asked is null)
        {
            workers = Math.Clamp(open / batch, 1, workers);
        }

        if ((long)workers * batch > open)
        {
            var found = workers == 1 ? $"--batch is {batch}" : batch == 1 ? $"--workers is {workers}" : $"--workers {workers} times --batch {batch} is {(long)workers * batch}";
            throw new NasClusterException($"{found}; it must be at most algorithm.in_flight, {open}: a steady-state search has no more open to evaluate.");
        }

        return workers;
    }
}
