using System.Collections.Immutable;

namespace NasCluster.Core.Search.BlockScores;

/// <summary>The least sum of scores for every budget, and the choices that give it.</summary>
internal sealed class KnapsackTable
{
    private readonly ImmutableArray<ImmutableArray<int>> _options;
    private readonly int[][] _costs;
    private readonly double[] _scores;

    /// <summary>Per gene and budget the chosen option's place in its list.</summary>
    private readonly int[][] _choices;

    /// <summary>Fills the table.</summary>
    /// <param name="options">What each gene chooses from; a gene without options is left at 0 and counts nothing.</param>
    /// <param name="changeOf">Score and cost of a gene's option.</param>
    /// <param name="step">The cost of one step.</param>
    /// <param name="steps">The greatest budget in steps, above the cheapest choices.</param>
    public KnapsackTable(ImmutableArray<ImmutableArray<int>> options, Func<int, int, (double Score, double Cost)> changeOf, double step, int steps)
    {
        _options = options;
        _costs = new int[options.Length][];
        _choices = new int[options.Length][];
        _scores = new double[steps + 1];
        for (var gene = 0; gene < options.Length; gene++)
        {
            (double Score, double Cost)[] changes = [.. options[gene].Select(option => changeOf(gene, option))];
            var cheapest = changes.Length == 0 ? 0 : changes.Min(c => c.Cost);

            // A hair less than what rounding took: two equal costs must not end a step apart.
            _costs[gene] = [.. changes.Select(c => (int)Math.Ceiling(((c.Cost - cheapest) / step) - 1e-9))];
            _choices[gene] = new int[steps + 1];
            if (changes.Length > 0)
            {
                Add(gene, [.. changes.Select(c => c.Score)]);
            }
        }
    }

    /// <summary>The least score within a budget, in steps above the cheapest choices, and the genes.</summary>
    public (double Score, int[] Genes) Best(int budget)
    {
        budget = Math.Min(budget, _scores.Length - 1);
        var score = _scores[budget];
        var genes = new int[_options.Length];
        for (var gene = _options.Length - 1; gene >= 0; gene--)
        {
            if (!_options[gene].IsEmpty)
            {
                var choice = _choices[gene][budget];
                genes[gene] = _options[gene][choice];
                budget -= _costs[gene][choice];
            }
        }

        return (score, genes);
    }

    private void Add(int gene, double[] scores)
    {
        // From the greatest budget down, since a budget looks at smaller ones of the genes before only.
        for (var budget = _scores.Length - 1; budget >= 0; budget--)
        {
            var best = double.PositiveInfinity;
            for (var choice = 0; choice < scores.Length; choice++)
            {
                var left = budget - _costs[gene][choice];
                if (left >= 0 && scores[choice] + _scores[left] < best)
                {
                    (best, _choices[gene][budget]) = (scores[choice] + _scores[left], choice);
                }
            }

            _scores[budget] = best;
        }
    }
}
