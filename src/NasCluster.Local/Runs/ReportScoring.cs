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
    public static async Task ScoreFrontAsync(RunDirectory directory, LoadedSearch search, int workers, CancellationToken stop)
    {
        if (search.ReportEvaluator is not { } evaluator)
        {
            return;
        }

        var recovered = await directory.Store.RecoverAsync(stop);
        var archive = new ParetoArchive(search.Plan.Objectives);
        foreach (var record in recovered.Outcomes)
        {
            archive.Insert(record.Trial, record.Outcome);
        }

        var ofSearch = recovered.Outcomes.ToDictionary(o => o.Trial.Id, o => o.Outcome.Values);
        var known = directory.ReadReportValues();
        var whole = recovered.Outcomes.Select(o => o.Trial).Where(t => t.Genome.Equals(search.Plan.Space.LargestGenome));
        Trial[] trials = [.. archive.Front.Select(e => e.Trial).Concat(whole).DistinctBy(t => t.Id).Where(t => !known.ContainsKey(t.Id))];
        var values = new ImmutableArray<ObjectiveValue>[trials.Length];
        try
        {
            await Parallel.ForAsync(0, trials.Length, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = stop }, (i, cancellation) =>
            {
                var outcome = evaluator.Evaluate([search.Plan.Space.Decode(trials[i].Genome)], null, cancellation)[0];
                values[i] = outcome.IsSuccess ? Merge(search.Plan.Objectives, ofSearch[trials[i].Id], evaluator.Objectives, outcome.Values) : [];
                return ValueTask.CompletedTask;
            });
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return; // The search itself is complete; 'nas resume' scores the rest.
        }

        directory.SaveReportValues([.. trials.Zip(values).Where(p => !p.Second.IsEmpty).Select(p => KeyValuePair.Create(p.First.Id, p.Second))]);
    }

    /// <summary>Scores of the report set among the search's values of all that is not scored on data.</summary>
    private static ImmutableArray<ObjectiveValue> Merge(
        ImmutableArray<Objective> objectives, ImmutableArray<ObjectiveValue> ofSearch, IReadOnlyList<Objective> scored, ImmutableArray<ObjectiveValue> scores)
    {
        var scoreOf = scored.Select((objective, i) => (objective.Name, Score: scores[i])).ToDictionary(s => s.Name, s => s.Score, StringComparer.Ordinal);
        return [.. objectives.Select((objective, i) => scoreOf.TryGetValue(objective.Name, out var score) ? score : ofSearch[i])];
    }
}
