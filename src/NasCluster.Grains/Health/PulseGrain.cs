using Orleans.Concurrency;

namespace NasCluster.Grains.Health;

/// <inheritdoc cref="IPulseGrain"/>
/// <remarks>A stateless worker is always of the silo that calls it.</remarks>
[StatelessWorker(1)]
internal sealed class PulseGrain : Grain, IPulseGrain
{
    public Task BeatAsync() => Task.CompletedTask;
}
