using System.Collections.Immutable;

namespace NasCluster.Core.Architectures;

/// <summary>What a sub-network is: the layers that stay, in the order they run, and what stays of each.</summary>
/// <remarks>Embeddings, norms and the output head always stay. Equal architectures are equal values.</remarks>
public sealed class Architecture : IEquatable<Architecture>
{
    /// <summary>Makes an architecture.</summary>
    /// <param name="layers">The kept layers; their source layers strictly ascend.</param>
    /// <exception cref="ArgumentException">A source layer is negative or not above the one before it.</exception>
    public Architecture(ImmutableArray<LayerArchitecture> layers)
    {
        for (var i = 0; i < layers.Length; i++)
        {
            if (layers[i].SourceLayer < 0 || (i > 0 && layers[i].SourceLayer <= layers[i - 1].SourceLayer))
            {
                throw new ArgumentException(
                    $"Layer {layers[i].SourceLayer} at place {i}: source layers must be ascending and not negative.", nameof(layers));
            }
        }

        Layers = layers;
    }

    /// <summary>The kept layers, in the order they run.</summary>
    public ImmutableArray<LayerArchitecture> Layers { get; }

    /// <inheritdoc/>
    public bool Equals(Architecture? other) => other is not null && Layers.AsSpan().SequenceEqual(other.Layers.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Architecture);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var layer in Layers)
        {
            hash.Add(layer);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" ", Layers.Select(l => $"{l.SourceLayer}:{l.KvGroups}/{l.MlpChannels}{(l.HeadPairs is { } pairs ? $"/{pairs}" : "")}"));
}
