using NasCluster.Core.Search;

namespace NasCluster.Core.Tests.Control.Simulation;

/// <summary>Passes everything on and lets somebody watch.</summary>
internal sealed class ObservedSearch(
    ISearch inner, Action<int, IReadOnlyList<Trial>> onAsk, Action<TrialId, EvaluationOutcome> onTell) : ISearch
{
    public bool IsFinished => inner.IsFinished;

    public int Available => inner.Available;

    public int UntilBarrier => inner.UntilBarrier;

    public int? Generation => inner.Generation;

    public IReadOnlyList<Trial> Ask(int count)
    {
        var trials = inner.Ask(count);
        onAsk(count, trials);
        return trials;
    }

    public void Tell(TrialId id, EvaluationOutcome outcome)
    {
        onTell(id, outcome);
        inner.Tell(id, outcome);
    }

    public SearchSnapshot Snapshot() => inner.Snapshot();
}
