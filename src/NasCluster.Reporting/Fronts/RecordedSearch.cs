using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Pareto;
using NasCluster.Core.Search;

namespace NasCluster.Reporting.Fronts;

/// <summary>What is recorded of a search, from which its report follows: neither the model nor the data need be there.</summary>
/// <param name="Model">The model searched, as people call it.</param>
/// <param name="Space">What genomes mean.</param>
/// <param name="Whole">The genome of the whole network, or of the most the space can keep.</param>
/// <param name="Objectives">The objectives.</param>
/// <param name="Budget">How many evaluations the search may spend.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Outcomes">The outcome log, whole or as far as it goes.</param>
/// <param name="History">The history of hypervolume.</param>
/// <param name="Provenance">Where the figures come from, in the order to show it.</param>
public sealed record RecordedSearch(
    string Model,
    IArchitectureSpace Space,
    Genome Whole,
    ImmutableArray<Objective> Objectives,
    long Budget,
    ulong Seed,
    IReadOnlyList<OutcomeRecord> Outcomes,
    IReadOnlyList<Core.Control.HypervolumePoint> History,
    ImmutableArray<KeyValuePair<string, string>> Provenance)
{
    /// <summary>Values on the report set, by trial.</summary>
    public IReadOnlyDictionary<TrialId, ImmutableArray<ObjectiveValue>> ReportValues { get; init; } =
        ImmutableDictionary<TrialId, ImmutableArray<ObjectiveValue>>.Empty;

    /// <summary>The report.</summary>
    public FrontReport ToReport()
    {
        var archive = new ParetoArchive(Objectives);
        foreach (var record in Outcomes)
        {
            archive.Insert(record.Trial, record.Outcome);
        }

        var front = archive.Front.Select(e => e.Trial.Id).ToHashSet();
        var rows = Outcomes.Where(o => o.Outcome.IsSuccess).Select(o => Row(o, front.Contains(o.Trial.Id))).ToImmutableArray();
        return new FrontReport
        {
            Model = Model,
            Objectives = Objectives,
            Rows = rows,
            Budget = Budget,
            Evaluations = Outcomes.Count,
            Seed = Seed,
            Baseline = rows.FirstOrDefault(r => r.Genome == Whole.ToString()),
            Hypervolume = History.Count == 0 ? null : History[^1].Hypervolume,
            ReferencePoint = History.Count == 0 ? [] : History[^1].ReferencePoint,
            History = [.. History.Select(HypervolumePoint.Of)],
            Provenance = Provenance,
        };
    }

    private FrontRow Row(OutcomeRecord record, bool onFront) =>
        new(record.Trial.Id, record.Trial.Genome.ToString(), Space.Decode(record.Trial.Genome), record.Outcome.Values, onFront)
        {
            ReportValues = ReportValues.TryGetValue(record.Trial.Id, out var values) ? values : [],
        };
}
