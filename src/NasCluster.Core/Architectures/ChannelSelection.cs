using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace NasCluster.Core.Architectures;

/// <summary>Which channels (or KV groups) of one layer stay: the leading ones in a fixed order, or an explicit set.</summary>
/// <remarks>
/// A set that happens to be 0, 1, ..., n-1 is the same selection as the leading n and is stored as such,
/// so that equal selections are equal values.
/// </remarks>
public readonly struct ChannelSelection : IEquatable<ChannelSelection>
{
    private readonly ImmutableArray<int> _indices;

    private ChannelSelection(int count, ImmutableArray<int> indices)
    {
        Count = count;
        _indices = indices;
    }

    /// <summary>How many channels stay; 0 removes the whole part.</summary>
    public int Count { get; }

    /// <summary>Whether the leading <see cref="Count"/> channels stay, which an engine serves as a plain view.</summary>
    [MemberNotNullWhen(false, nameof(_indices))]
    public bool IsLeading => _indices.IsDefault;

    /// <summary>The leading <paramref name="count"/> channels.</summary>
    public static ChannelSelection Leading(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new ChannelSelection(count, default);
    }

    /// <summary>An explicit set, given in strictly ascending order.</summary>
    /// <exception cref="ArgumentException">An index is negative or not above the one before it.</exception>
    public static ChannelSelection Set(ImmutableArray<int> indices)
    {
        var leading = true;
        for (var i = 0; i < indices.Length; i++)
        {
            if (indices[i] < 0 || (i > 0 && indices[i] <= indices[i - 1]))
            {
                throw new ArgumentException($"Channel {indices[i]} at place {i}: channels must be ascending and not negative.", nameof(indices));
            }

            leading &= indices[i] == i;
        }

        return new ChannelSelection(indices.Length, leading ? default : indices);
    }

    /// <summary>The kept channel at a place, 0 to <see cref="Count"/> - 1.</summary>
    public int this[int place] => IsLeading ? place : _indices[place];

    /// <inheritdoc/>
    public bool Equals(ChannelSelection other) =>
        Count == other.Count && IsLeading == other.IsLeading && (IsLeading || _indices.AsSpan().SequenceEqual(other._indices.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ChannelSelection other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Count);
        if (!IsLeading)
        {
            foreach (var index in _indices)
            {
                hash.Add(index);
            }
        }

        return hash.ToHashCode();
    }

    /// <summary>Whether two selections keep the same channels.</summary>
    public static bool operator ==(ChannelSelection left, ChannelSelection right) => left.Equals(right);

    /// <summary>Whether two selections differ.</summary>
    public static bool operator !=(ChannelSelection left, ChannelSelection right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => IsLeading ? $"{Count}" : $"[{string.Join(",", _indices)}]";
}
