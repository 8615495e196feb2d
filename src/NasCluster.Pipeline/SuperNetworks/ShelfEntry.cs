using NasCluster.Core.SuperNetworks;

namespace NasCluster.Pipeline.SuperNetworks;

/// <summary>A super-network on a shelf, or on its way there. The shelf's lock guards everything in it.</summary>
internal sealed class ShelfEntry(string key, long bytes)
{
    internal string Key { get; } = key;

    internal long Bytes { get; } = bytes;

    /// <summary>Cancelled when nobody waits for the load any more.</summary>
    internal CancellationTokenSource GivenUp { get; } = new();

    /// <summary>Ends when the network is there, or will not be; without a network when the load was given up.</summary>
    internal TaskCompletionSource<ISuperNetwork?> Loaded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ISuperNetwork? Network { get; set; }

    /// <summary>How many hold a lease or wait for one.</summary>
    internal int Users { get; set; }

    /// <summary>When it was last given back, by the shelf's count.</summary>
    internal long LastUsed { get; set; }

    internal bool IsIdle => Network is not null && Users == 0;
}
