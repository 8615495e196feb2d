using NasCluster.Core.Storage;

namespace NasCluster.Client.Connection;

/// <summary>Repeats calls that failed on the way, since a silo died or storage did not answer: every call of the contracts may be repeated.</summary>
internal sealed class Perseverance(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long it goes on: silos that die are replaced, and storage that fails over comes back, in less.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Calls until there is an answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="Core.NasClusterException">The cluster refuses it, or storage has failed for a minute.</exception>
    /// <exception cref="TimeoutException">Nobody has answered for a minute.</exception>
    public async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); ;)
        {
            try
            {
                return await call();
            }
            catch (Exception exception) when (IsPassing(exception) && time.GetElapsedTime(began) < Patience && !cancellation.IsCancellationRequested)
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }

    /// <inheritdoc cref="CallAsync{T}"/>
    public Task CallAsync(Func<Task> call, CancellationToken cancellation) => CallAsync(
        async () =>
        {
            await call();
            return true;
        },
        cancellation);

    private static bool IsPassing(Exception exception) => exception is StateCellException or TimeoutException or Orleans.Runtime.OrleansException;
}
