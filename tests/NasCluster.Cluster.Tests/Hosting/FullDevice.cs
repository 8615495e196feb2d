using System.Collections.Immutable;
using NasCluster.Core.Evaluation;

namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>A device whose super-networks take as much memory as it is told.</summary>
/// <param name="inner">What evaluates.</param>
/// <param name="heldBytes">What super-networks take.</param>
internal sealed class FullDevice(IEvaluationDevice inner, long heldBytes) : IEvaluationDevice
{
    public string Name => inner.Name;

    public int BatchSize => inner.BatchSize;

    public ImmutableArray<string>? SuperNetworks => inner.SuperNetworks;

    public ImmutableArray<string> Loaded => inner.Loaded;

    public long HeldBytes => heldBytes;

    public ValueTask<IDisposable> HoldAsync(string superNetwork, CancellationToken cancellation) => inner.HoldAsync(superNetwork, cancellation);

    public ValueTask<IEvaluationSession> OpenAsync(string prepared, Action progress, CancellationToken cancellation) => inner.OpenAsync(prepared, progress, cancellation);
}
