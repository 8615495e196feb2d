using System.Collections.Immutable;
using NasCluster.Core.Search;

namespace NasCluster.Core.Spaces;

/// <summary>One gene per layer, each the index of a choice of that layer; no genes at all where no layer has anything to choose.</summary>
internal sealed class LayerGenes
{
    private readonly ImmutableArray<ImmutableArray<int>> _choices;
    private readonly int _start;

    /// <summary>Lays the genes out.</summary>
    /// <param name="choices">For each layer that has a gene, in the order of the genes, what it chooses from.</param>
    /// <param name="start">Where in the genome the first gene stands, if there are genes.</param>
    public LayerGenes(ImmutableArray<ImmutableArray<int>> choices, int start)
    {
        _choices = choices;
        _start = start;

        // All or none: a layer with one choice among layers with several keeps its gene, so that gene and layer stay easy to match.
        Cardinalities = choices.Any(c => c.Length > 1) ? [.. choices.Select(c => c.Length)] : [];
    }

    /// <summary>How many values each gene takes; empty when there are no genes.</summary>
    public ImmutableArray<int> Cardinalities { get; }

    /// <summary>How many choices the layer of an index has, at least 1.</summary>
    public int ChoiceCount(int index) => _choices[index].Length;

    /// <summary>Whether the layer of an index may choose a number.</summary>
    public bool Offers(int index, int choice) => _choices[index].Contains(choice);

    /// <summary>What a genome chooses for the layer of an index.</summary>
    public int Choice(Genome genome, int index) => _choices[index][Cardinalities.IsEmpty ? 0 : genome.Genes[_start + index]];

    /// <summary>Where the gene of an index stands in the genome; null when there are no genes.</summary>
    public int? Position(int index) => Cardinalities.IsEmpty ? null : _start + index;
}
