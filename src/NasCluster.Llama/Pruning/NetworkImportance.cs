using System.Collections.Immutable;

namespace NasCluster.Llama.Pruning;

/// <summary>How much depends on each part of a network.</summary>
/// <param name="Measure">What the values mean.</param>
/// <param name="Layers">One entry per layer.</param>
public sealed record NetworkImportance(ImportanceMeasure Measure, ImmutableArray<LayerImportance> Layers)
{
    /// <summary>Layers in falling importance as a whole; of equal ones the earlier comes first.</summary>
    public ImmutableArray<int> LayerOrder => [.. Enumerable.Range(0, Layers.Length).OrderByDescending(i => Layers[i].Layer)];

    /// <summary>The same with other values of the layers as a whole, such as those of <see cref="LayerRemoval"/>.</summary>
    /// <exception cref="ArgumentException">There is not one value per layer.</exception>
    public NetworkImportance WithLayers(ImmutableArray<double> values) => values.Length == Layers.Length
        ? this with { Layers = [.. Layers.Zip(values, (l, v) => l with { Layer = v })] }
        : throw new ArgumentException($"{values.Length} values for {Layers.Length} layers.", nameof(values));
}
