namespace NasCluster.Core.Control.Sharing;

/// <summary>Names one search of a cluster.</summary>
public readonly record struct SearchId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
