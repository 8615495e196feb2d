using System.Collections.Immutable;

namespace NasCluster.Core.Search;

/// <summary>What every search needs to know, whatever its algorithm.</summary>
public sealed record SearchOptions
{
    /// <summary>The greatest <see cref="Budget"/>: a search remembers every genome it created.</summary>
    public const int LargestBudget = 1_000_000;

    /// <summary>What to optimise, at least one, with names of their own; outcomes have their values in this order.</summary>
    public required ImmutableArray<Objective> Objectives { get; init; }

    /// <summary>How many trials to create, exactly, unless the space has fewer genomes. Failed trials count.</summary>
    public required int Budget { get; init; }

    /// <summary>Decides every random choice.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// How many trials a steady-state search keeps created and not yet told; at least the number of trials evaluated at once.
    /// Other searches create by generation or all at once, and ignore it.
    /// </summary>
    public int InFlight { get; init; } = 8;

    /// <summary>The first trials, before any random ones; often the whole network. Those that mean the same count once.</summary>
    public ImmutableArray<Genome> InitialGenomes { get; init; } = [];

    /// <summary>
    /// Computes objectives that the genome alone decides, so that a search that predicts need not; null when it must learn them as well.
    /// Other searches ignore it, and no snapshot depends on it that was written without one.
    /// </summary>
    public IAnalyticObjectives? Analytic { get; init; }

    /// <summary>Everything wrong with the options for a space, each as one sentence; empty when they fit.</summary>
    public IReadOnlyList<string> Problems(ISearchSpace space)
    {
        var problems = new List<string>();
        if (Objectives.IsDefaultOrEmpty)
        {
            problems.Add("Objectives is empty; there must be at least one objective.");
        }
        else
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            problems.AddRange(
                Objectives.Where(o => !names.Add(o.Name)).Select(o => $"Objective {o.Name} occurs twice; each must occur once."));
        }

        if (Budget is < 1 or > LargestBudget)
        {
            problems.Add($"Budget is {Budget}; it must be in [1, {LargestBudget}].");
        }

        if (InFlight < 1)
        {
            problems.Add($"InFlight is {InFlight}; it must be at least 1.");
        }

        var initial = InitialGenomes.IsDefault ? [] : InitialGenomes;
        var before = problems.Count;
        for (var i = 0; i < initial.Length; i++)
        {
            if (GenomeBounds.Problem(initial[i], space.Cardinalities) is { } problem)
            {
                problems.Add($"InitialGenomes[{i}] {problem}");
            }
        }

        if (problems.Count == before && Budget >= 1)
        {
            var distinct = initial.Select(space.Canonicalise).Distinct().Count();
            if (distinct > Budget)
            {
                problems.Add($"InitialGenomes has {distinct} distinct genomes; the budget is {Budget}, and it must cover them.");
            }
        }

        return problems;
    }
}
