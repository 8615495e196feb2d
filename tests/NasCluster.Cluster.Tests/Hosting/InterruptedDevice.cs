using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NasCluster.Core.Evaluation;

namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>A device that something happens to before it begins a batch.</summary>
/// <param name="inner">What works.</param>
/// <param name="happens">Given the batch's number, from 1, and what takes it away.</param>
internal sealed class InterruptedDevice(IEvaluationDevice inner, Func<int, CancellationToken, Task> happens) : IEvaluationDevice
{
    private int _opened;

    /// <summary>Puts such a device in the place of a silo's.</summary>
    public static void Replace(IServiceCollection services, Func<int, CancellationToken, Task> happens)
    {
        var device = services.Single(d => d.ServiceType == typeof(IEvaluationDevice));
        services.Replace(ServiceDescriptor.Singleton<IEvaluationDevice>(
            s => new InterruptedDevice((IEvaluationDevice)device.ImplementationFactory!(s), happens)));
    }

    /// <summary>One that does not come back from its first batch until that is taken away, and then works.</summary>
    /// <param name="services">The silo's.</param>
    /// <param name="hangs">Told when it hangs.</param>
    public static void ReplaceByHanging(IServiceCollection services, TaskCompletionSource hangs) => Replace(services, async (batch, cancellation) =>
    {
        if (batch == 1)
        {
            hangs.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
        }
    });

    public string Name => inner.Name;

    public int BatchSize => inner.BatchSize;

    public ImmutableArray<string>? SuperNetworks => inner.SuperNetworks;

    public ImmutableArray<string> Loaded => inner.Loaded;

    public long HeldBytes => inner.HeldBytes;

    public ValueTask<IDisposable> HoldAsync(string superNetwork, CancellationToken cancellation) => inner.HoldAsync(superNetwork, cancellation);

    public async ValueTask<IEvaluationSession> OpenAsync(string prepared, Action progress, CancellationToken cancellation)
    {
        await happens(Interlocked.Increment(ref _opened), cancellation);
        return await inner.OpenAsync(prepared, progress, cancellation);
    }
}
