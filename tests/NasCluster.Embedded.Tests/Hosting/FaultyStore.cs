using NasCluster.Core.Control;

namespace NasCluster.Embedded.Tests.Hosting;

/// <summary>A store some of whose writes fail, before or after they took effect.</summary>
/// <param name="store">The real one.</param>
/// <param name="fault">What a write, by its number among all attempts from 0, fails with; null to succeed.</param>
internal sealed class FaultyStore(IRunStore store, Func<int, RunStoreException?> fault) : IRunStore
{
    public bool WritesBeforeFailing { get; init; }

    public int Attempts { get; private set; }

    public ValueTask<RecoveredState> RecoverAsync(CancellationToken cancellation) => store.RecoverAsync(cancellation);

    public async ValueTask SaveAsync(SaveEffect save, CancellationToken cancellation)
    {
        var exception = fault(Attempts++);
        if (exception is null || WritesBeforeFailing)
        {
            await store.SaveAsync(save, cancellation);
        }

        if (exception is not null)
        {
            throw exception;
        }
    }

    public ValueTask SaveHypervolumeAsync(IReadOnlyList<HypervolumePoint> points, CancellationToken cancellation) =>
        fault(-1) is { } exception ? ValueTask.FromException(exception) : store.SaveHypervolumeAsync(points, cancellation);

    public ValueTask<IReadOnlyList<StartRecord>> ReadStartsAsync(CancellationToken cancellation) => store.ReadStartsAsync(cancellation);

    public ValueTask<IReadOnlyList<HypervolumePoint>> ReadHypervolumeAsync(CancellationToken cancellation) => store.ReadHypervolumeAsync(cancellation);
}
