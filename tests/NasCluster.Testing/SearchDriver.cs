using NasCluster.Core.Search;

namespace NasCluster.Testing;

/// <summary>The simplest host: asks and tells in one loop.</summary>
public static class SearchDriver
{
    /// <summary>Runs a search to its end, telling in the order asked.</summary>
    /// <param name="search">The search; may have begun.</param>
    /// <param name="evaluate">What becomes of a trial.</param>
    /// <param name="atOnce">How many trials to ask for at a time, at least 1.</param>
    /// <returns>The trials, in the order told.</returns>
    /// <exception cref="InvalidOperationException">The search neither finishes nor hands out trials though all are told.</exception>
    public static IReadOnlyList<Trial> Run(ISearch search, Func<Trial, EvaluationOutcome> evaluate, int atOnce = 7)
    {
        var told = new List<Trial>();
        while (!search.IsFinished)
        {
            var trials = search.Ask(atOnce);
            if (trials.Count == 0)
            {
                throw new InvalidOperationException($"The search is stuck after {told.Count} tells.");
            }

            foreach (var trial in trials)
            {
                search.Tell(trial.Id, evaluate(trial));
                told.Add(trial);
            }
        }

        return told;
    }
}
