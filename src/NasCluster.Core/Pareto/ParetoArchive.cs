using System.Collections.Immutable;
using NasCluster.Core.Search;

namespace NasCluster.Core.Pareto;

/// <summary>The front of all trials seen: those that no other dominates, for any number of objectives.</summary>
/// <remarks>
/// <para>Its content depends on what was inserted, not on the order. Of trials with equal values it keeps the lowest number.</para>
/// <para>Failed and infeasible outcomes never enter. Standard errors play no part: a front is of the values as measured.</para>
/// </remarks>
public sealed class ParetoArchive
{
    private readonly ObjectiveOrientation _orientation;

    /// <summary>Sorted by minimised values, lexicographically; no two are equal.</summary>
    private readonly List<(double[] Values, ParetoEntry Entry)> _members = [];

    /// <summary>Makes an empty archive.</summary>
    /// <param name="objectives">At least one.</param>
    /// <exception cref="ArgumentException">There is no objective.</exception>
    public ParetoArchive(IReadOnlyList<Objective> objectives)
    {
        if (objectives.Count == 0)
        {
            throw new ArgumentException("There are no objectives; a front needs at least one.", nameof(objectives));
        }

        Objectives = objectives;
        _orientation = new ObjectiveOrientation(objectives);
    }

    /// <summary>What decides, in the order of the outcomes' values.</summary>
    public IReadOnlyList<Objective> Objectives { get; }

    /// <summary>The front, best first in the first objective, then in the second, and so on.</summary>
    public IReadOnlyList<ParetoEntry> Front => [.. _members.Select(m => m.Entry)];

    /// <summary>How many are on the front.</summary>
    public int Count => _members.Count;

    /// <summary>The best value of each objective that any trial of the front has, in the order of the objectives; none while the front is empty.</summary>
    public ImmutableArray<double> BestValues => _members.Count == 0
        ? []
        : [.. Enumerable.Range(0, Objectives.Count).Select(k => _members.MinBy(m => m.Values[k]).Entry.Outcome.Values[k].Value)];

    /// <summary>Takes a trial; what it dominates leaves.</summary>
    /// <returns>Whether the trial is on the front now.</returns>
    /// <exception cref="ArgumentException">The outcome has values, but not one per objective.</exception>
    public bool Insert(Trial trial, EvaluationOutcome outcome)
    {
        if (!outcome.IsSuccess)
        {
            return false;
        }

        var values = _orientation.Minimised(outcome.Values);
        if (outcome.ConstraintViolation > 0)
        {
            return false;
        }

        foreach (var member in _members)
        {
            if (Dominance.WeaklyDominates(member.Values, values)
                && (Dominance.Dominates(member.Values, values) || member.Entry.Trial.Id.CompareTo(trial.Id) <= 0))
            {
                return member.Entry.Trial.Id == trial.Id;
            }
        }

        _members.RemoveAll(m => Dominance.WeaklyDominates(values, m.Values));
        var place = _members.FindIndex(m => m.Values.AsSpan().SequenceCompareTo(values) > 0);
        _members.Insert(place < 0 ? _members.Count : place, (values, new ParetoEntry(trial, outcome)));
        return true;
    }
}
