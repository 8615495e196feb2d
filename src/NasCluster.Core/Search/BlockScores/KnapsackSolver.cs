using System.Collections.Immutable;

namespace NasCluster.Core.Search.BlockScores;

/// <summary>The best genomes for every size by additive scores: a multiple-choice knapsack, solved by dynamic programming on quantised costs.</summary>
/// <remarks>
/// One gene at a time: best[gene][budget] is the least score of the genes so far within a budget. Where options of a gene silence others,
/// each option of such genes is solved for on its own, with the silenced genes left out.
/// </remarks>
/// <param name="space">The space.</param>
/// <param name="model">Scores and costs.</param>
internal sealed class KnapsackSolver(ISearchSpace space, BlockScoreModel model)
{
    /// <summary>Into how many equal parts the range of costs is cut: finer than front points lie apart, and a gene still takes microseconds.</summary>
    public const int Steps = 1000;

    /// <summary>The most combinations of silencing options that are solved for.</summary>
    private const int MostCases = 256;

    /// <summary>For each of a number of budgets, evenly spaced from the least cost to the greatest, the genome of the least predicted score.</summary>
    /// <param name="score">The objective to be least.</param>
    /// <param name="cost">The objective that is budgeted; null when there is none, and one genome is the best.</param>
    /// <param name="budgets">How many budgets, at least 1.</param>
    /// <returns>From the least budget to the greatest, without repeats, canonical.</returns>
    public ImmutableArray<Genome> Solve(int score, int? cost, int budgets)
    {
        var cases = Cases();
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var options in cases)
        {
            var (low, high) = Range(options, cost);
            (least, most) = (Math.Min(least, low), Math.Max(most, high));
        }

        // Rounding up each change keeps a solution within its budget; a gene more or less then shifts it by at most a step each.
        var step = most > least ? (most - least) / Steps : 1;
        int[] places = [.. Enumerable.Range(0, budgets).Select(i => budgets == 1 ? Steps : (int)((long)i * Steps / (budgets - 1)))];
        var best = new (double Score, Genome? Genome)[places.Length];
        Array.Fill(best, (double.PositiveInfinity, null));
        foreach (var options in cases)
        {
            var table = new KnapsackTable(options, (gene, option) => (
                model.Change(gene, option, score), cost is { } k ? model.Change(gene, option, k) : 0), step, Steps);
            var slack = cost is null ? Steps : (least - Range(options, cost).Low) / step;
            for (var i = 0; i < places.Length; i++)
            {
                var budget = (int)Math.Floor(places[i] + slack + (1e-9 * Steps));
                if (budget >= 0 && table.Best(budget) is var (value, genes) && value < best[i].Score)
                {
                    best[i] = (value, space.Canonicalise(new Genome([.. genes])));
                }
            }
        }

        return [.. best.Where(b => b.Genome is not null).Select(b => b.Genome!).Distinct()];
    }

    /// <summary>Least and greatest predicted change of cost over the choices of a case.</summary>
    private (double Low, double High) Range(ImmutableArray<ImmutableArray<int>> options, int? cost)
    {
        var (low, high) = (0.0, 0.0);
        for (var gene = 0; gene < options.Length && cost is not null; gene++)
        {
            if (options[gene].Length > 0)
            {
                low += options[gene].Min(option => model.Change(gene, option, cost.Value));
                high += options[gene].Max(option => model.Change(gene, option, cost.Value));
            }
        }

        return (low, high);
    }

    /// <summary>
    /// The options each gene may take, case by case: a gene that silences others has one of its options, silenced genes have none, and all
    /// others have every option whose probe had values.
    /// </summary>
    private List<ImmutableArray<ImmutableArray<int>>> Cases()
    {
        int[] largest = [.. space.Cardinalities.Select(c => c - 1)];
        bool[] silences = [.. largest.Select((_, gene) => Enumerable.Range(0, space.Cardinalities[gene]).Any(option => Silenced(gene, option).Any()))];
        List<ImmutableArray<ImmutableArray<int>>> cases =
        [
            [.. space.Cardinalities.Select((cardinality, gene) =>
                Enumerable.Range(0, cardinality).Where(option => model.Knows(gene, option)).ToImmutableArray())],
        ];
        for (var gene = 0; gene < silences.Length; gene++)
        {
            if (silences[gene] && cases.Count * space.Cardinalities[gene] <= MostCases)
            {
                cases = [.. cases.SelectMany(c => c[gene].IsEmpty ? [c] : c[gene].Select(option => Fixed(c, gene, option)))];
            }
        }

        return cases;

        ImmutableArray<ImmutableArray<int>> Fixed(ImmutableArray<ImmutableArray<int>> options, int gene, int option) =>
            Silenced(gene, option).Aggregate(options.SetItem(gene, [option]), (rest, silenced) => rest.SetItem(silenced, []));

        IEnumerable<int> Silenced(int gene, int option)
        {
            int[] changed = [.. largest];
            changed[gene] = option;
            var canonical = space.Canonicalise(new Genome([.. changed]));
            return Enumerable.Range(0, largest.Length).Where(other => other != gene && canonical.Genes[other] != changed[other]);
        }
    }
}
