using NasCluster.Contracts.Searches;

namespace NasCluster.Cluster.Benchmarks.Chaos;

/// <summary>How a search ended.</summary>
/// <param name="Name">The search.</param>
/// <param name="Standing">Where it stood in the end.</param>
/// <param name="Began">When it was started.</param>
/// <param name="Time">How long it took.</param>
internal sealed record ChaosResult(string Name, SearchStanding Standing, DateTimeOffset Began, TimeSpan Time)
{
    /// <summary>What storage says of it.</summary>
    public Audit Audit { get; set; } = null!;
}
