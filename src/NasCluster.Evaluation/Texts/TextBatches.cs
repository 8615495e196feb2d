using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Randomness;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Texts;

/// <summary>A text's windows parted into batches of a fixed number, in an order mixed once, so that a batch is of many places of the text.</summary>
internal sealed class TextBatches
{
    private const ulong Seed = 0x6261746368;

    private readonly ImmutableArray<ScoringRequest> _windows;
    private readonly int _size;

    /// <summary>Parts a text.</summary>
    /// <param name="windows">Its windows.</param>
    /// <param name="size">Windows of a batch, at least 1.</param>
    /// <exception cref="NasClusterException">There are fewer windows than fill a batch.</exception>
    internal TextBatches(ImmutableArray<ScoringRequest> windows, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (windows.Length < size)
        {
            throw new NasClusterException($"The text has {windows.Length} windows; a batch takes {size}, so there must be at least as many.");
        }

        var mixed = windows.ToArray();
        new Xoshiro256(Seed).Shuffle<ScoringRequest>(mixed);
        _windows = [.. mixed];
        _size = size;
    }

    /// <summary>How many batches there are; windows that fill no batch are left out.</summary>
    internal int Count => CountOf(_windows.Length, _size);

    /// <summary>How many batches of a size so many windows make.</summary>
    internal static int CountOf(int windows, int size) => windows / size;

    /// <summary>The windows of a batch.</summary>
    /// <param name="batch">From 0.</param>
    /// <exception cref="NasClusterException">There is no such batch.</exception>
    internal ImmutableArray<ScoringRequest> this[int batch] => batch >= 0 && batch < Count
        ? _windows.Slice(batch * _size, _size)
        : throw new NasClusterException($"There is no batch {batch}; the text has batches 0 to {Count - 1}.");
}
