using System.Collections.Immutable;

namespace NasCluster.Core.Search.BlockScores;

/// <summary>The genomes that score every option of every gene once: the largest genome, and the largest with one gene changed.</summary>
/// <remarks>
/// Options ascend by size, as in every space of this project, so the largest genome has the last option in every gene. Genes that another
/// gene's option silences, as a depth silences those of the layers beyond it, are found by canonicalising.
/// </remarks>
internal sealed class ProbePlan
{
    private readonly ISearchSpace _space;

    /// <summary>Lays the probes out.</summary>
    public ProbePlan(ISearchSpace space)
    {
        _space = space;
        Largest = space.Canonicalise(new Genome([.. space.Cardinalities.Select(c => c - 1)]));
        var probes = new List<Genome> { Largest };
        for (var gene = 0; gene < space.Cardinalities.Length; gene++)
        {
            probes.AddRange(Enumerable.Range(0, space.Cardinalities[gene]).Select(option => With(gene, option)));
        }

        Probes = [.. probes.Distinct()];
    }

    /// <summary>The whole.</summary>
    public Genome Largest { get; }

    /// <summary>All probes, the largest genome first, no two equal: 1 + the sum over the genes of (options - 1).</summary>
    public ImmutableArray<Genome> Probes { get; }

    /// <summary>The largest genome with one gene changed, canonical.</summary>
    public Genome With(int gene, int option) => _space.Canonicalise(new Genome(Largest.Genes.SetItem(gene, option)));
}
