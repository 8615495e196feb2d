using System.Collections.Immutable;

namespace NasCluster.Core.Specification;

/// <summary>Which sub-networks there are. An empty list stands for its default.</summary>
public sealed record SpaceSpec
{
    /// <summary>Layer counts to choose from. Empty: every count from 60 % of the model's layers (rounded up) to all.</summary>
    public ImmutableArray<int> Depth { get; init; } = [];

    /// <summary>MLP widths each layer chooses from. Empty: 0.5, 0.75 and 1.0 of the layer's channels.</summary>
    public ImmutableArray<MlpWidth> Mlp { get; init; } = [];

    /// <summary>KV-group counts each layer chooses from. Empty: all of the layer's groups.</summary>
    public ImmutableArray<int> KvGroups { get; init; } = [];

    /// <summary>
    /// All layers of the model, the one kept longest first; a depth of d keeps the first d of them, which still run in the
    /// model's order. Null keeps the leading layers.
    /// </summary>
    public ImmutableArray<int>? LayerOrder { get; init; }

    /// <inheritdoc/>
    public bool Equals(SpaceSpec? other) =>
        other is not null && Depth.AsSpan().SequenceEqual(other.Depth.AsSpan()) && Mlp.AsSpan().SequenceEqual(other.Mlp.AsSpan())
        && KvGroups.AsSpan().SequenceEqual(other.KvGroups.AsSpan()) && LayerOrder.HasValue == other.LayerOrder.HasValue
        && (LayerOrder is null || LayerOrder.Value.AsSpan().SequenceEqual(other.LayerOrder!.Value.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Depth.Length, Mlp.Length, KvGroups.Length, LayerOrder?.Length);
}
