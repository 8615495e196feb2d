using NasCluster.Core;

namespace NasCluster.Grains.Data;

/// <summary>Makes searches ready to run; the silo has it where super-networks lie.</summary>
public interface ISearchPreparer
{
    /// <summary>Prepares a search.</summary>
    /// <param name="specification">A search.yaml that names a super-network, and data by hash.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The search, ready to be run by <see cref="Searches.IRunnableSearches"/> and evaluated by devices.</returns>
    /// <exception cref="NasClusterException">Something is wrong with it, or not here.</exception>
    ValueTask<string> PrepareAsync(string specification, CancellationToken cancellation);

    /// <summary>The fingerprint of a stored super-network.</summary>
    /// <param name="hash">SHA-256 of its directory's manifest.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="NasClusterException">It is no super-network, or not stored whole.</exception>
    ValueTask<string> IdentifyAsync(string hash, CancellationToken cancellation);
}
