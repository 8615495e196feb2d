using NasCluster.Core.Search.Snapshots;

namespace NasCluster.Core.Search;

/// <summary>Where searches come from: new, or from a snapshot.</summary>
public static class Searches
{
    /// <summary>A new search; its first trials can be asked for at once.</summary>
    /// <param name="algorithm">The algorithm with its settings.</param>
    /// <param name="options">Objectives, budget, seed.</param>
    /// <param name="space">What may be proposed.</param>
    /// <exception cref="NasClusterException">Settings or options cannot be used; the message names every problem.</exception>
    public static ISearch Create(AlgorithmOptions algorithm, SearchOptions options, ISearchSpace space)
    {
        Check(algorithm, options, space);
        return algorithm.Create(options, space);
    }

    /// <summary>A search that goes on from a snapshot exactly as the one that wrote it.</summary>
    /// <param name="algorithm">As it was when the search was created.</param>
    /// <param name="options">As they were.</param>
    /// <param name="space">As it was.</param>
    /// <param name="snapshot">What <see cref="ISearch.Snapshot"/> gave.</param>
    /// <exception cref="NasClusterException">
    /// The snapshot is another algorithm's, of another version, damaged, or of a search with other options or another space;
    /// or the options cannot be used.
    /// </exception>
    public static ISearch Restore(AlgorithmOptions algorithm, SearchOptions options, ISearchSpace space, SearchSnapshot snapshot)
    {
        Check(algorithm, options, space);
        return SnapshotCodec.Decode(snapshot, algorithm, options, space);
    }

    private static void Check(AlgorithmOptions algorithm, SearchOptions options, ISearchSpace space)
    {
        IReadOnlyList<string> problems = [.. options.Problems(space), .. algorithm.Problems()];
        if (problems.Count > 0)
        {
            throw new NasClusterException($"The search cannot start: {string.Join(" ", problems)}");
        }
    }
}
