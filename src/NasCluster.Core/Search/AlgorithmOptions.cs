using NasCluster.Core.Search.Snapshots;

namespace NasCluster.Core.Search;

/// <summary>An algorithm with its settings: what <see cref="Searches"/> makes a search from.</summary>
/// <remarks>The algorithms are Core's own; each has a record of settings that derives from this one.</remarks>
public abstract record AlgorithmOptions
{
    private protected AlgorithmOptions()
    {
    }

    /// <summary>The algorithm's public name, such as <c>nsga2</c>; snapshots carry it.</summary>
    public abstract string Algorithm { get; }

    /// <summary>Everything wrong with the settings, each as one sentence; empty when they can be used.</summary>
    public abstract IReadOnlyList<string> Problems();

    /// <summary>Raised whenever the layout or the meaning of the algorithm's snapshots changes.</summary>
    internal abstract int SnapshotVersion { get; }

    /// <summary>Writes every setting, for the fingerprint that ties a snapshot to its search.</summary>
    internal abstract void Describe(StateWriter writer);

    /// <summary>A search at its start. The options have no problems.</summary>
    internal abstract ISearch Create(SearchOptions options, ISearchSpace space);

    /// <summary>A search that goes on from saved state, which was written for the same options and space.</summary>
    internal abstract ISearch Restore(SearchOptions options, ISearchSpace space, StateReader state);
}
