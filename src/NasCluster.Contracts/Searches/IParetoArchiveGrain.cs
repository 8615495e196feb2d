using System.Collections.Immutable;
using NasCluster.Core.Control;

namespace NasCluster.Contracts.Searches;

/// <summary>The front of one search, for whoever watches it: a projection of its outcome log, made again from there when it is lost.</summary>
public interface IParetoArchiveGrain : IGrainWithStringKey
{
    /// <summary>Takes outcomes that became durable.</summary>
    /// <param name="outcomes">In log order, without gaps; none to learn of the front alone. What it has already is passed over; what lies before it is read from the log.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The front now.</returns>
    [ResponseTimeout("00:00:10")]
    Task<FrontFigures> AppendAsync(ImmutableArray<OutcomeRecord> outcomes, CancellationToken cancellation);

    /// <summary>The log is complete: nothing follows. The front is that of the whole log afterwards, whatever is still on its way here.</summary>
    /// <param name="recorded">How many outcomes the log holds.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    [ResponseTimeout("00:00:10")]
    Task CompleteAsync(long recorded, CancellationToken cancellation);

    /// <summary>The search was deleted: whoever asks next is told from storage.</summary>
    [ResponseTimeout("00:00:10")]
    Task ForgetAsync(CancellationToken cancellation);

    /// <summary>The outcomes recorded from a place in the log on, and the history of hypervolume from there.</summary>
    /// <param name="from">The first sequence number wanted.</param>
    /// <param name="most">The most outcomes to send at once.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    [ResponseTimeout("00:00:10")] // Watchers ask again, and the silo asked may have died.
    Task<ArchivePage> ReadAsync(long from, int most, CancellationToken cancellation);

    /// <summary>The outcomes that no other dominates, in the order of their trials.</summary>
    Task<ImmutableArray<OutcomeRecord>> GetFrontAsync(CancellationToken cancellation);
}
