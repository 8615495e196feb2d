using NasCluster.Contracts.Data;
using Orleans.Concurrency;

namespace NasCluster.Grains.Data;

/// <inheritdoc cref="IPreparationGrain"/>
[StatelessWorker(1)]
internal sealed class PreparationGrain(ISearchPreparer preparer) : Grain, IPreparationGrain
{
    public Task<string> PrepareAsync(string specification, CancellationToken cancellation) =>
        Task.Run(() => preparer.PrepareAsync(specification, cancellation).AsTask(), cancellation);

    public Task<string> IdentifyAsync(string hash, CancellationToken cancellation) =>
        Task.Run(() => preparer.IdentifyAsync(hash, cancellation).AsTask(), cancellation);
}
