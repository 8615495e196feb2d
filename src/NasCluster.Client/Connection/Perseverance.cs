using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Storage;

namespace NasCluster.Client.Connection;

/// <summary>
/// Repeats calls that failed on the way: the silo that was asked, or the one in between, may have died, and another takes over; or storage did
/// not answer. Every call of the contracts may be repeated.
/// </summary>
/// <param name="time">The clock of pauses.</param>
/// <param name="patience">For how long it goes on; null for as long as it takes.</param>
internal sealed class Perseverance(TimeProvider time, TimeSpan? patience = null)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>What is right for a command: silos that die are replaced, and storage that fails over comes back, in less.</summary>
    public static TimeSpan OfCommands { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Calls until there is an answer.</summary>
    /// <param name="call">Calls once.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="NasClusterException">The answer is a refusal, and would be next time; or storage has failed for as long as patience lasts.</exception>
    /// <exception cref="TimeoutException">Nobody has answered for as long as patience lasts.</exception>
    public async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); ;)
        {
            try
            {
                return await call();
            }
            catch (Exception exception) when (IsPassing(exception) && !(time.GetElapsedTime(began) >= patience) && !cancellation.IsCancellationRequested)
            {
                await PauseAsync(cancellation);
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

    /// <summary>Waits before the next call.</summary>
    public Task PauseAsync(CancellationToken cancellation) => Task.Delay(Pause, time, cancellation);

    // Refusals are the cluster's own exceptions; whatever else comes is of the way there.
    private static bool IsPassing(Exception exception) =>
        exception is not NasClusterException || exception is StateCellException or RunStoreException { IsPermanent: false };
}
