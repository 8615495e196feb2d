namespace NasCluster.Contracts.Data;

/// <summary>Makes searches ready to run where super-networks lie: tokenises their data once and works out what decides their results.</summary>
public interface IPreparationGrain : IGrainWithIntegerKey
{
    /// <summary>Prepares a search; the same search prepared twice gives the same.</summary>
    /// <param name="specification">
    /// A search.yaml whose <c>model</c> is the name of a super-network, and whose data are <c>sha256:</c> and the hash of a stored content.
    /// </param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>What <see cref="Searches.SearchDefinition.Prepared"/> holds.</returns>
    /// <exception cref="Core.NasClusterException">Something is wrong with the specification, or not stored here.</exception>
    Task<string> PrepareAsync(string specification, CancellationToken cancellation);

    /// <summary>The fingerprint of a stored super-network.</summary>
    /// <param name="hash">SHA-256 of its directory's manifest.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="Core.NasClusterException">It is no super-network, or not stored whole.</exception>
    Task<string> IdentifyAsync(string hash, CancellationToken cancellation);
}
