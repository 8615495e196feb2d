using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Core.Control;

/// <summary>Brings a search up to its log.</summary>
internal static class LogReplay
{
    /// <summary>Tells a search, restored from the snapshot, the outcomes after it, and takes the whole log into the book.</summary>
    /// <returns>Trials the search handed out on the way and that the log does not know: in flight when the earlier run ended.</returns>
    /// <exception cref="NasClusterException">The log has a gap or a repeat, or does not belong to this search.</exception>
    public static IReadOnlyCollection<Trial> Run(
        ISearch search, Func<Genome, EvaluationKey> keyOf, TrialBook book, DispatchLedger ledger, RecoveredState recovered)
    {
        var position = recovered.Snapshot?.Position ?? 0;
        if (position < 0 || position > recovered.Outcomes.Count)
        {
            throw new NasClusterException(
                $"Outcome log: it has {recovered.Outcomes.Count} outcomes but the snapshot covers {position}; "
                + "the log must reach at least as far.");
        }

        // Trials are handed out in the order of their numbers, so this holds no more than were in flight at once.
        var inFlight = new SortedDictionary<TrialId, Trial>();
        for (var i = 0; i < recovered.Outcomes.Count; i++)
        {
            var record = recovered.Outcomes[i];
            if (record.Sequence != i)
            {
                throw new NasClusterException(
                    $"Outcome log, place {i}: it holds sequence {record.Sequence}; sequences must be 0, 1, 2, ... without gaps.");
            }

            if (ledger.Find(record.Trial.Id) is not null)
            {
                throw new NasClusterException(
                    $"Outcome log, sequence {i}: trial {record.Trial.Id} has an outcome already; a trial may have one only.");
            }

            // Inside the snapshot only the first key is checked: enough to notice another model or other data, and cheap.
            if ((i == 0 || i >= position) && keyOf(record.Trial.Genome) != record.Key)
            {
                throw new NasClusterException(
                    $"Outcome log, sequence {i}: trial {record.Trial.Id} was recorded under another evaluation key; "
                    + "model, data and objectives must be those the search began with.");
            }

            if (i >= position)
            {
                Tell(search, record, inFlight);
            }

            book.AddDecided(record);
        }

        return inFlight.Values;
    }

    private static void Tell(ISearch search, OutcomeRecord record, SortedDictionary<TrialId, Trial> inFlight)
    {
        Trial? trial;
        while (!inFlight.Remove(record.Trial.Id, out trial))
        {
            var asked = search.Ask(1);
            if (asked.Count == 0)
            {
                throw new NasClusterException(
                    $"Outcome log, sequence {record.Sequence}: the search has not proposed trial {record.Trial.Id} by then; "
                    + "seed, budget and options must be those it began with.");
            }

            inFlight.Add(asked[0].Id, asked[0]);
        }

        if (!trial.Genome.Equals(record.Trial.Genome))
        {
            throw new NasClusterException(
                $"Outcome log, sequence {record.Sequence}: trial {trial.Id} has genome {record.Trial.Genome}, "
                + $"but the search proposes {trial.Genome}; seed and options must be those it began with.");
        }

        try
        {
            search.Tell(trial.Id, record.Outcome);
        }
        catch (ArgumentException refused)
        {
            throw new NasClusterException(
                $"Outcome log, sequence {record.Sequence}: the search refuses the outcome of trial {trial.Id}: {refused.Message}", refused);
        }
    }
}
