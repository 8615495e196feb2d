using Azure.Storage.Blobs;
using NasCluster.Core.Control;
using NasCluster.Core.Pareto;
using NasCluster.Core.Search;
using NasCluster.Core.Storage.Runs;

namespace NasCluster.Cluster.Benchmarks.Chaos;

/// <summary>What storage says of one search after everything, held against the undisturbed run.</summary>
/// <param name="Outcomes">Its log.</param>
/// <param name="Starts">Its start records.</param>
/// <param name="Problems">What is wrong, one line each.</param>
internal sealed record Audit(IReadOnlyList<OutcomeRecord> Outcomes, IReadOnlyList<StartRecord> Starts, IReadOnlyList<string> Problems)
{
    /// <summary>Starts of trials that were started before.</summary>
    public int StartedAgain => Starts.Count - Starts.Select(s => s.Trial).Distinct().Count();

    public static async Task<Audit> ReadAsync(
        BlobContainerClient container, string name, IReadOnlyList<Objective> objectives, IReadOnlyDictionary<long, (Trial Trial, EvaluationOutcome Outcome)> expected,
        CancellationToken cancellation)
    {
        var store = new CellRunStore(new StoredCells(container, name), "audit");
        var outcomes = await store.ReadOutcomesAsync(cancellation);
        var starts = await store.ReadStartsAsync(cancellation);
        var problems = new List<string>();
        Check(outcomes.Where((record, i) => record.Sequence != i).Count(), "outcomes out of sequence");
        Check(outcomes.Count - outcomes.Select(o => o.Trial.Id).Distinct().Count(), "outcomes of trials that had one");
        var evaluated = outcomes.Where(o => o.Source == OutcomeSource.Evaluated).ToArray();
        Check(evaluated.Length - evaluated.Select(o => o.Key).Distinct().Count(), "keys evaluated twice");
        Check(outcomes.Count(o => o.Source == OutcomeSource.Parked), "trials parked");
        Check(starts.Count - starts.Select(s => (s.Lease, s.Trial)).Distinct().Count(), "starts recorded twice");
        var known = outcomes.DistinctBy(o => o.Trial.Id).ToDictionary(o => o.Trial.Id.Value);
        Check(expected.Keys.Count(id => !known.ContainsKey(id)), "outcomes lost");
        Check(known.Keys.Count(id => !expected.ContainsKey(id)), "trials that the undisturbed run has not");
        Check(known.Values.Count(o => expected.TryGetValue(o.Trial.Id.Value, out var other) && !o.Trial.Equals(other.Trial)), "trials of another genome");
        Check(known.Values.Count(o => expected.TryGetValue(o.Trial.Id.Value, out var other) && !o.Outcome.Equals(other.Outcome)), "outcomes of other values");
        var (front, expectedFront) = (Front(known.Values.Select(o => (o.Trial, o.Outcome))), Front(expected.Values));
        if (!front.SequenceEqual(expectedFront))
        {
            problems.Add($"{name}: the front is another: {string.Join(' ', front)} instead of {string.Join(' ', expectedFront)}");
        }

        return new Audit(outcomes, starts, problems);

        void Check(int count, string what)
        {
            if (count != 0)
            {
                problems.Add($"{name}: {count} {what}");
            }
        }

        IEnumerable<long> Front(IEnumerable<(Trial Trial, EvaluationOutcome Outcome)> all)
        {
            var archive = new ParetoArchive(objectives);
            foreach (var (trial, outcome) in all.OrderBy(one => one.Trial.Id.Value))
            {
                archive.Insert(trial, outcome);
            }

            return archive.Front.Select(e => e.Trial.Id.Value).Order();
        }
    }
}
