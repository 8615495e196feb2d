namespace NasCluster.Grains.Health;

/// <summary>What a silo calls on itself to see whether calls are still answered.</summary>
public interface IPulseGrain : IGrainWithIntegerKey
{
    /// <summary>Answers.</summary>
    Task BeatAsync();
}
