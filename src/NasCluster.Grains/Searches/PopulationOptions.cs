using NasCluster.Core.Control;

namespace NasCluster.Grains.Searches;

/// <summary>How population grains work.</summary>
public sealed class PopulationOptions
{
    /// <summary>How their controllers dispatch. The number of objectives and the use of the cache are each search's own.</summary>
    public ControllerOptions Controller { get; set; } = new() { LeaseDuration = TimeSpan.FromSeconds(20) };

    /// <summary>How often a controller hears the time; at most a quarter of the lease duration.</summary>
    public TimeSpan TickInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The least time from one write to the next: outcomes and starts that come meanwhile are written together (group commit).</summary>
    public TimeSpan WriteInterval { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How often a search says to the directory what it needs and has.</summary>
    public TimeSpan EnlistInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Over how many grains remembered outcomes are spread; the same on every silo.</summary>
    public int CacheShards { get; set; } = 16;
}
