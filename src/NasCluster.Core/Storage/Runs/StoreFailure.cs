using NasCluster.Core.Control;

namespace NasCluster.Core.Storage.Runs;

/// <summary>Turns failures of cells into those of a run store.</summary>
internal static class StoreFailure
{
    /// <summary>Storage that fails may work again; a run that is damaged, or of a newer program, stays so.</summary>
    /// <exception cref="RunStoreException">What was done failed on purpose.</exception>
    public static async ValueTask<T> Describe<T>(Func<ValueTask<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (RunStoreException)
        {
            throw;
        }
        catch (NasClusterException exception)
        {
            throw new RunStoreException(exception.Message, exception is not StateCellException, exception);
        }
    }

    /// <inheritdoc cref="Describe{T}(Func{ValueTask{T}})"/>
    public static async ValueTask Describe(Func<ValueTask> action) => await Describe(async () =>
    {
        await action().ConfigureAwait(false);
        return true;
    }).ConfigureAwait(false);
}
