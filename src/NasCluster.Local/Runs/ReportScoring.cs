using System.Collections.Immutable;
using NasCluster.Core.Pareto;
using NasCluster.Core.Search;
using NasCluster.Embedded.Storage;
using NasCluster.Pipeline;

namespace NasCluster.Local.Runs;

/// <summary>Scores the final front on the report set, which the search never saw: the figures to quote.</summary>
internal static class ReportScoring
{
    /// <summary>Scores the front and the whole network, and records the values; what is recorded already is left.</summary>
    /// <returns>Whether nothing is left to score; false after a stop, from which <c>nas resume</c> goes on.</returns>
    public static async Task<bool> ScoreFrontAsync(RunDirectory directory, LoadedSearch search, int workers, CancellationToken stop)
    {
        if (search.ReportEvaluator is not { } evaluator)
        {
            return true;
        }

        var recovered = await directory.Store.RecoverAsync(CancellationToken.None);
        var archive = new ParetoArchive(search.Plan.Objectives);
        foreach (var record in recovered.Outcomes)
        {
            archive.Insert(record.Trial, record.Outcome);
        }

        var ofSearch = recovered.Outcomes.ToDictionary(o => o.Trial.Id, o => o.Outcome.Values);
        var known = directory.ReadReportValues();
        var whole = recovered.Outcomes.Select(o => o.Trial).Where(t => t.Genome.Equals(search.Plan.Space.LargestGenome));
        Trial[] trials = [.. archive.Front.Select(e => e.Trial).Concat(whole).DistinctBy(t => t.Id).Where(t => !known.ContainsKey(t.Id))];
        var outcomes = new EvaluationOutcome?[trials.Length];
        var isComplete = true;
        try
        {
            await Parallel.ForAsync(0, trials.Length, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = stop }, (i, cancellation) =>
            {
                outcomes[i] = evaluator.Evaluate([search.Plan.Space.Decode(trials[i].Genome)], null, cancellation)[0];
                return ValueTask.CompletedTask;
            });
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            isComplete = false;
        }

        // What was scored before a stop is kept; the rest is scored by the next session.
        var scored = trials.Zip(outcomes).Where(p => p.Second is not null).ToArray();
        directory.SaveReportValues([.. scored.Where(p => p.Second!.IsSuccess).Select(p => KeyValuePair.Create(
            p.First.Id, Merge(search.Plan.Objectives, ofSearch[p.First.Id], evaluator.Objectives, p.Second!.Values)))]);
        foreach (var (trial, outcome) in scored.Where(p => !p.Second!.IsSuccess))
        {
            await Console.Error.WriteLineAsync($"nas: trial {trial.Id} could not be scored on the report set: {outcome!.Failure}");
        }

        return isComplete;
    }

    /// <summary>Scores of the report set among the search's values of all that is not scored on data.</summary>
    private static ImmutableArray<ObjectiveValue> Merge(
        ImmutableArray<Objective> objectives, ImmutableArray<ObjectiveValue> ofSearch, IReadOnlyList<Objective> scored, ImmutableArray<ObjectiveValue> scores)
    {
        var scoreOf = scored.Select((objective, i) => (objective.Name, Score: scores[i])).ToDictionary(s => s.Name, s => s.Score, StringComparer.Ordinal);
        return [.. objectives.Select((objective, i) => scoreOf.TryGetValue(objective.Name, out var score) ? score : ofSearch[i])];
    }
}
