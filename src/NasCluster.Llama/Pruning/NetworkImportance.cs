using System.Collections.Immutable;

namespace NasCluster.Llama.Pruning;

/// <summary>How much depends on each part of a network.</summary>
/// <param name="Measure">What the values mean.</param>
/// <param name="Layers">One entry per layer.</param>
public sealed record NetworkImportance(ImportanceMeasure Measure, ImmutableArray<LayerImportance> Layers)
{
    /// <summary>Layers in falling importance as a whole; of equal ones the earlier comes first.</summary>
    public ImmutableArray<int> LayerOrder => [.. Enumerable.Range(0, Layers.Length).OrderByDescending(i => Layers[i].Layer)];
}
