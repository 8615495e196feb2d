namespace NasCluster.Core.Search;

/// <summary>A multi-objective search that proposes trials and never evaluates them.</summary>
/// <remarks>
/// <para>Not thread-safe: the host serialises calls (a grain turn, or one loop).</para>
/// <para>
/// A search's state is a function of its options, its seed and the sequence of tells alone; asking only hands out
/// what is already created. So a restored search given the same tells goes on identically, however it is asked.
/// </para>
/// </remarks>
public interface ISearch
{
    /// <summary>Whether the budget is spent (or the space exhausted) and everything created has been told.</summary>
    bool IsFinished { get; }

    /// <summary>How many trials <see cref="Ask"/> would hand out now if asked for any number; asking hands them out and changes nothing else.</summary>
    int Available { get; }

    /// <summary>How many trials it will hand out before it waits until all that it handed out are told.</summary>
    /// <remarks>
    /// <see cref="Available"/> for a search that creates by generation or all at once; for one that goes on with every outcome it is all that
    /// is left of the budget. A host makes its last batches before a wait small, so that nobody is left with a full one while others idle.
    /// </remarks>
    int UntilBarrier { get; }

    /// <summary>The generation it is in, from 0; null for a search that has none.</summary>
    int? Generation { get; }

    /// <summary>Trials to evaluate, each handed out once, in the order of their numbers.</summary>
    /// <param name="count">At most this many.</param>
    /// <returns>None while the search must wait for outcomes. A restored search hands out again every trial not yet told.</returns>
    IReadOnlyList<Trial> Ask(int count);

    /// <summary>Takes a trial's outcome. Telling a finished trial again changes nothing.</summary>
    /// <exception cref="ArgumentException">The search never created the trial, or the outcome has not one value per objective.</exception>
    void Tell(TrialId id, EvaluationOutcome outcome);

    /// <summary>The whole state; a search restored from it goes on identically.</summary>
    SearchSnapshot Snapshot();
}
