using System.Collections.Immutable;
using NasCluster.Core.Search;

namespace NasCluster.Reporting.Fronts;

/// <summary>Everything a report of a search says, computed by others: renderers only write it down.</summary>
public sealed record FrontReport
{
    /// <summary>The model searched, as people call it.</summary>
    public required string Model { get; init; }

    /// <summary>The objectives, in the search's order.</summary>
    public required ImmutableArray<Objective> Objectives { get; init; }

    /// <summary>Evaluated trials with values, in any order; those off the front serve plots and full listings.</summary>
    public required ImmutableArray<FrontRow> Rows { get; init; }

    /// <summary>How many evaluations the search may spend.</summary>
    public required long Budget { get; init; }

    /// <summary>How many outcomes the search was told, failures included.</summary>
    public required long Evaluations { get; init; }

    /// <summary>The search's seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The whole super-network's values, for comparison; null where they were not taken. Its trial and genome are not shown.</summary>
    public FrontRow? Baseline { get; init; }

    /// <summary>Hypervolume of the front; null where it is not known. JSON gives it as it is; people are shown how far it grew.</summary>
    public double? Hypervolume { get; init; }

    /// <summary>The point the hypervolume is measured against, one value per objective; empty where there is none.</summary>
    public ImmutableArray<double> ReferencePoint { get; init; } = [];

    /// <summary>How the hypervolume grew, by ascending number of evaluations; empty where it was not kept.</summary>
    public ImmutableArray<HypervolumePoint> History { get; init; } = [];

    /// <summary>Where the figures come from: fingerprints, data, versions, in the order to show them.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Provenance { get; init; } = [];

    /// <summary>The rows of the front, best first in the first objective, then in the next ones, then by trial.</summary>
    public ImmutableArray<FrontRow> Front => Sorted(onFront: true);

    internal ImmutableArray<FrontRow> Others => Sorted(onFront: false);

    internal ImmutableArray<EvaluatedPoint> Points => [.. Rows.Select(r => new EvaluatedPoint(r.Trial, r.Values, r.OnFront))];

    /// <summary>Refuses rows that do not fit the objectives, before a renderer has written anything.</summary>
    /// <exception cref="ArgumentException">A row has not one finite value per objective.</exception>
    internal void ThrowIfInconsistent()
    {
        if (Objectives.IsDefaultOrEmpty)
        {
            throw new ArgumentException("A report needs at least one objective.");
        }

        if (!ReferencePoint.IsEmpty && ReferencePoint.Length != Objectives.Length)
        {
            throw new ArgumentException($"The reference point has {ReferencePoint.Length} values for {Objectives.Length} objectives.");
        }

        foreach (var row in Baseline is null ? Rows : Rows.Add(Baseline))
        {
            if (row.Values.Length != Objectives.Length || (!row.ReportValues.IsEmpty && row.ReportValues.Length != Objectives.Length))
            {
                throw new ArgumentException($"Trial {row.Trial} has not one value for each of {Objectives.Length} objectives.");
            }

            if (row.Values.Concat(row.ReportValues).Any(v => !double.IsFinite(v.Value) || !double.IsFinite(v.StandardError)))
            {
                throw new ArgumentException($"Trial {row.Trial} has a value or standard error that is not finite.");
            }
        }
    }

    private ImmutableArray<FrontRow> Sorted(bool onFront)
    {
        var rows = Rows.Where(r => r.OnFront == onFront).OrderBy(r => Cost(r, 0));
        for (var k = 1; k < Objectives.Length; k++)
        {
            var objective = k;
            rows = rows.ThenBy(r => Cost(r, objective));
        }

        return [.. rows.ThenBy(r => r.Trial)];

        double Cost(FrontRow row, int k) => (Objectives[k].Direction == ObjectiveDirection.Minimise ? 1 : -1) * row.Values[k].Value;
    }
}
