using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Core.Control;

/// <summary>Takes trials from the search and groups them by key.</summary>
internal sealed class TrialBook(ISearch search, Func<Genome, EvaluationKey> keyOf, DispatchLedger ledger)
{
    private readonly Dictionary<EvaluationKey, KeyGroup> _groups = [];

    /// <summary>Asks the search for trials and takes them into the ledger, unqueued.</summary>
    public List<TrialEntry> Ask(int count)
    {
        var entries = new List<TrialEntry>();
        foreach (var trial in search.Ask(count))
        {
            entries.Add(Add(trial));
        }

        return entries;
    }

    /// <summary>Takes in a trial that the search has handed out.</summary>
    public TrialEntry Add(Trial trial)
    {
        var entry = new TrialEntry(trial, GroupOf(keyOf(trial.Genome)));
        ledger.Add(entry);
        if (entry.Group.Outcome is null)
        {
            entry.Group.Undecided.Add(entry);
        }

        return entry;
    }

    /// <summary>Takes in a trial whose outcome is in the log.</summary>
    public void AddDecided(OutcomeRecord record)
    {
        var entry = new TrialEntry(record.Trial, GroupOf(record.Key));
        ledger.Add(entry);
        ledger.Decide(entry);
        if (entry.Group.Outcome is null)
        {
            entry.Group.Decide(record.Outcome);
        }
    }

    private KeyGroup GroupOf(EvaluationKey key)
    {
        if (!_groups.TryGetValue(key, out var group))
        {
            _groups.Add(key, group = new KeyGroup(key));
        }

        return group;
    }
}
