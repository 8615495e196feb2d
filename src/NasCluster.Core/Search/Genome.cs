using System.Collections.Immutable;

namespace NasCluster.Core.Search;

/// <summary>The encoding of one candidate: for each gene the index of its chosen option, from 0.</summary>
public sealed class Genome : IEquatable<Genome>
{
    private readonly int _hash;

    /// <summary>Makes a genome.</summary>
    /// <param name="genes">Option indices, one per gene of the space.</param>
    public Genome(ImmutableArray<int> genes)
    {
        Genes = genes;
        var hash = new HashCode();
        foreach (var gene in genes)
        {
            hash.Add(gene);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>Option indices, one per gene.</summary>
    public ImmutableArray<int> Genes { get; }

    /// <inheritdoc/>
    public bool Equals(Genome? other) => other is not null && Genes.AsSpan().SequenceEqual(other.Genes.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Genome);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public override string ToString() => string.Join("-", Genes);
}
