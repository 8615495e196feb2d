using System.Collections.Immutable;
using NasCluster.Core.Control;

namespace NasCluster.Contracts.Searches;

/// <summary>The front of one search, for whoever watches it: a projection of its outcome log, made again from there when it is lost.</summary>
public interface IParetoArchiveGrain : IGrainWithStringKey
{
    /// <summary>Takes outcomes that became durable.</summary>
    /// <param name="outcomes">In log order, without gaps. What it has already is passed over; what lies before it is read from the log.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>How many outcomes are on the front now, and its hypervolume; null while that has no reference point.</returns>
    Task<(int FrontSize, double? Hypervolume)> AppendAsync(ImmutableArray<OutcomeRecord> outcomes, CancellationToken cancellation);

    /// <summary>The log is complete: nothing follows.</summary>
    Task CompleteAsync(CancellationToken cancellation);

    /// <summary>The search was deleted: whoever asks next is told from storage.</summary>
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
