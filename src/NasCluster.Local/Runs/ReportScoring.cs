using System.Collections.Immutable;
using NasCluster.Core.Pareto;
using NasCluster.Core.Search;
using NasCluster.Embedded.Storage;
using NasCluster.Pipeline;

namespace NasCluster.Local.Runs;

/// <summary>Scores the final front on the report set, which the search never saw: the figures to quote.</summary>
internal static class ReportScoring
{
    // Large enough that most of a group's first layers are shared, small enough that a stop loses little.
    private const int GroupSize = 8;

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
        var whole = recovered.Outcomes.Select(o => o.Trial).Where(t => t.Genome.Equals(search.Plan.WholeGenome));
        Trial[] trials = [.. archive.Front.Select(e => e.Trial).Concat(whole).DistinctBy(t => t.Id).Where(t => !known.ContainsKey(t.Id))];
        var isComplete = true;
        var oneAtATime = new Lock();
        var failures = new List<string>();
        try
        {
            await Parallel.ForEachAsync(Groups(trials, search.Plan.Space), new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = stop }, (group, cancellation) =>
            {
                var outcomes = evaluator.Evaluate([.. group.Select(t => (Candidate)search.Plan.Space.Decode(t.Genome))], null, cancellation);
                var scored = group.Zip(outcomes).ToArray();

                // What was scored before a stop or a kill is kept; the rest is scored by the next session.
                lock (oneAtATime)
                {
                    directory.SaveReportValues([.. scored.Where(p => p.Second.IsSuccess).Select(p => KeyValuePair.Create(
                        p.First.Id, Merge(search.Plan.Objectives, ofSearch[p.First.Id], evaluator.Objectives, p.Second.Values)))]);
                    failures.AddRange(scored.Where(p => !p.Second.IsSuccess).Select(p => $"nas: trial {p.First.Id} could not be scored on the report set: {p.Second.Failure}"));
                }

                return ValueTask.CompletedTask;
            });
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            isComplete = false;
        }

        foreach (var failure in failures.Order(StringComparer.Ordinal))
        {
            await Console.Error.WriteLineAsync(failure);
        }

        return isComplete;
    }

    /// <summary>Trials whose first layers are alike come together, since the evaluator computes common leading layers once.</summary>
    private static IEnumerable<Trial[]> Groups(Trial[] trials, IArchitectureSpace space) =>
        trials.OrderBy(t => space.Decode(t.Genome).ToString(), StringComparer.Ordinal).Chunk(GroupSize);

    /// <summary>Scores of the report set among the search's values of all that is not scored on data.</summary>
    private static ImmutableArray<ObjectiveValue> Merge(
        ImmutableArray<Objective> objectives, ImmutableArray<ObjectiveValue> ofSearch, IReadOnlyList<Objective> scored, ImmutableArray<ObjectiveValue> scores)
    {
        var scoreOf = scored.Select((objective, i) => (objective.Name, Score: scores[i])).ToDictionary(s => s.Name, s => s.Score, StringComparer.Ordinal);
        return [.. objectives.Select((objective, i) => scoreOf.TryGetValue(objective.Name, out var score) ? score : ofSearch[i])];
    }
}
