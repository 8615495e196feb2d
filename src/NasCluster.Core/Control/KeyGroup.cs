using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Core.Control;

/// <summary>The trials of a search that share one evaluation key, and the outcome they share once there is one.</summary>
/// <remarks>Only the first of them is looked up and dispatched, so a key is evaluated once however often it is proposed.</remarks>
internal sealed class KeyGroup(EvaluationKey key)
{
    public EvaluationKey Key { get; } = key;

    /// <summary>The first outcome recorded; null while there is none. It never changes again.</summary>
    public EvaluationOutcome? Outcome { get; private set; }

    /// <summary>Members without an outcome, in the order they were asked for; the first one leads.</summary>
    public List<TrialEntry> Undecided { get; } = [];

    public void Decide(EvaluationOutcome outcome)
    {
        Outcome = outcome;
        Undecided.Clear();
    }
}
