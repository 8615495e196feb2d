using System.Collections.Immutable;
using NasCluster.Core.Search.Nsga2;

namespace NasCluster.Core.Search.BlockScores;

/// <summary>A start for any search: score every option alone, then evaluate the best sums of scores for sizes from the smallest to the largest.</summary>
internal sealed class KnapsackStart
{
    private readonly ISearchSpace _space;
    private readonly ProbePlan _plan;
    private readonly int? _cost;
    private readonly ImmutableArray<int> _scores;

    /// <summary>Lays it out.</summary>
    /// <remarks>
    /// The cost that budgets are of is the first analytic objective, else the first measured one, else the last; every other objective is
    /// scored on its own. A search of one objective has no cost.
    /// </remarks>
    public KnapsackStart(SearchOptions options, ISearchSpace space)
    {
        _space = space;
        _plan = new ProbePlan(space);
        var objectives = options.Objectives;
        _cost = objectives.Length == 1 ? null
            : Index(ObjectiveKind.Analytic) ?? Index(ObjectiveKind.Measured) ?? objectives.Length - 1;
        _scores = [.. Enumerable.Range(0, objectives.Length).Where(k => k != _cost)];

        int? Index(ObjectiveKind kind) => objectives.Index().Where(o => o.Item.Kind == kind).Select(o => (int?)o.Index).FirstOrDefault();
    }

    /// <summary>The probes, the largest genome first.</summary>
    public ImmutableArray<Genome> Probes => _plan.Probes;

    /// <summary>The best sums of scores, by budgets from the least to the greatest in turn over the scored objectives.</summary>
    /// <param name="told">What is known, among it the probes that did not fail.</param>
    /// <param name="genomeOf">The genome of a trial.</param>
    /// <param name="isKnown">Genomes that are left out.</param>
    /// <param name="count">How many are wanted, at least 1.</param>
    /// <returns>At most so many; as many budgets are tried as it takes to find them, within reason.</returns>
    public ImmutableArray<Genome> Solutions(IReadOnlyList<Individual> told, Func<TrialId, Genome> genomeOf, Func<Genome, bool> isKnown, int count)
    {
        if (BlockScoreModel.Fit(_space, _plan, told, genomeOf) is not { } model)
        {
            return [];
        }

        var solver = new KnapsackSolver(_space, model);
        ImmutableArray<Genome> found = [];
        for (var budgets = Math.Max(2, count); ; budgets *= 2)
        {
            var perScore = _scores.Select(score => solver.Solve(score, _cost, budgets)).ToArray();
            found = [.. Interleaved(perScore).Distinct().Where(g => !isKnown(g))];
            if (found.Length >= count || budgets > KnapsackSolver.Steps)
            {
                break;
            }
        }

        // Evenly from all that were found, so that no end of the sizes is left out.
        return found.Length <= count ? found : [.. Enumerable.Range(0, count).Select(i => found[(int)((long)i * found.Length / count)])];
    }

    private static IEnumerable<Genome> Interleaved(ImmutableArray<Genome>[] lists) =>
        Enumerable.Range(0, lists.Max(l => l.Length)).SelectMany(i => lists.Where(l => i < l.Length).Select(l => l[i]));
}
