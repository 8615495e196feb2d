using System.Collections.Immutable;
using NasCluster.Core.Evaluation;

namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>A device that does not come back from its first work until that is taken away, and then works.</summary>
/// <param name="inner">What works.</param>
/// <param name="hangs">Told when it hangs.</param>
internal sealed class HangingDevice(IEvaluationDevice inner, TaskCompletionSource hangs) : IEvaluationDevice
{
    private int _opened;

    public string Name => inner.Name;

    public int BatchSize => inner.BatchSize;

    public ImmutableArray<string>? SuperNetworks => inner.SuperNetworks;

    public ImmutableArray<string> Loaded => inner.Loaded;

    public long HeldBytes => inner.HeldBytes;

    public ValueTask<IDisposable> HoldAsync(string superNetwork, CancellationToken cancellation) => inner.HoldAsync(superNetwork, cancellation);

    public async ValueTask<IEvaluationSession> OpenAsync(string prepared, Action progress, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _opened) == 1)
        {
            hangs.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
        }

        return await inner.OpenAsync(prepared, progress, cancellation);
    }
}
