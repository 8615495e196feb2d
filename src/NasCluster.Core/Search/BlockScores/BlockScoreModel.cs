using NasCluster.Core.Search.Nsga2;

namespace NasCluster.Core.Search.BlockScores;

/// <summary>Additive predictions: an objective of a genome is that of the largest plus what each changed gene changed alone.</summary>
internal sealed class BlockScoreModel
{
    private readonly double[] _base;
    private readonly double[]?[][] _changes;

    private BlockScoreModel(double[] atLargest, double[]?[][] changes)
    {
        _base = atLargest;
        _changes = changes;
    }

    /// <summary>Learns from the probes; null if the largest genome has no values.</summary>
    /// <param name="space">The space.</param>
    /// <param name="plan">Its probes.</param>
    /// <param name="told">What is known, among it the probes that did not fail.</param>
    /// <param name="genomeOf">The genome of a trial.</param>
    public static BlockScoreModel? Fit(ISearchSpace space, ProbePlan plan, IEnumerable<Individual> told, Func<TrialId, Genome> genomeOf)
    {
        var values = told.ToDictionary(i => genomeOf(i.Id), i => i.Objectives);
        return values.TryGetValue(plan.Largest, out var atLargest)
            ? new BlockScoreModel(atLargest, [.. space.Cardinalities.Select((cardinality, gene) =>
                Enumerable.Range(0, cardinality).Select(option => Change(gene, option)).ToArray())])
            : null;

        double[]? Change(int gene, int option) =>
            values.TryGetValue(plan.With(gene, option), out var probed) ? [.. probed.Zip(atLargest, (p, whole) => p - whole)] : null;
    }

    /// <summary>Whether the probe of an option had values, so that genomes with it can be predicted.</summary>
    public bool Knows(int gene, int option) => _changes[gene][option] is not null;

    /// <summary>What an option changes of an objective; its probe had values.</summary>
    public double Change(int gene, int option, int objective) => _changes[gene][option]![objective];

    /// <summary>An objective of the largest genome.</summary>
    public double Base(int objective) => _base[objective];
}
