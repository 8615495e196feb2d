using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Storage;

namespace NasCluster.Client.Connection;

/// <summary>Asks the cluster again and again: the silo that was asked, or the one on the way, may have died, and another takes over.</summary>
/// <param name="time">The clock of pauses.</param>
internal sealed class Insistence(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks until there is an answer.</summary>
    /// <param name="ask">Asks once.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="NasClusterException">The answer is a refusal, and would be next time.</exception>
    public async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception exception) when (IsPassing(exception) && !cancellation.IsCancellationRequested)
            {
                await PauseAsync(cancellation);
            }
        }
    }

    /// <summary>Waits before the next question.</summary>
    public Task PauseAsync(CancellationToken cancellation) => Task.Delay(Pause, time, cancellation);

    private static bool IsPassing(Exception exception) =>
        exception is not NasClusterException || exception is StateCellException or RunStoreException { IsPermanent: false };
}
