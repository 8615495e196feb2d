using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Pareto;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;
using NasCluster.Embedded.Storage;
using NasCluster.Pipeline;
using NasCluster.Reporting.Fronts;
using NasCluster.Specification;

namespace NasCluster.Local.Runs;

/// <summary>What a run directory says, as a report: from its records alone, so neither the model nor the data need be there.</summary>
internal static class RunReport
{
    /// <summary>Reads a run, finished or not, also while another process carries it on.</summary>
    /// <exception cref="NasClusterException">There is no run, or it cannot be read.</exception>
    public static FrontReport Read(string directory)
    {
        using var reader = RunReader.Open(directory);
        var specification = reader.ReadSpecification();
        var spec = SearchSpecReader.Read(specification.Canonical).SpecOrThrow(directory);
        if (!specification.Provenance.TryGetValue(ProvenanceNames.ModelConfiguration, out var configuration))
        {
            throw new NasClusterException($"{directory}: the run does not say what its model looks like ({ProvenanceNames.ModelConfiguration} is missing).");
        }

        var plan = new SearchPlan(spec, LlamaConfiguration.FromJson(configuration));

        // Outcomes last: what the other two speak of is among them, also while a search adds to all three.
        var reportValues = reader.ReadReportValues();
        var history = reader.ReadHypervolume();
        var outcomes = reader.ReadOutcomes();

        var archive = new ParetoArchive(plan.Objectives);
        foreach (var record in outcomes)
        {
            archive.Insert(record.Trial, record.Outcome);
        }

        var front = archive.Front.Select(e => e.Trial.Id).ToHashSet();
        var rows = outcomes.Where(o => o.Outcome.IsSuccess).Select(o => Row(o.Trial, o.Outcome)).ToImmutableArray();
        return new FrontReport
        {
            Model = RunNames.Model(spec.Model),
            Objectives = plan.Objectives,
            Rows = rows,
            Budget = plan.EvaluationCount,
            Evaluations = outcomes.Count,
            Seed = (ulong)spec.Seed,
            Baseline = rows.FirstOrDefault(r => r.Genome == plan.Space.LargestGenome.ToString()),
            Hypervolume = history.Count == 0 ? null : history[^1].Hypervolume,
            ReferencePoint = history.Count == 0 ? [] : history[^1].ReferencePoint,
            History = [.. history.Select(Point)],
            Provenance = [.. specification.Provenance.Where(p => p.Key != ProvenanceNames.ModelConfiguration)],
        };

        FrontRow Row(Trial trial, EvaluationOutcome outcome) =>
            new(trial.Id, trial.Genome.ToString(), plan.Space.Decode(trial.Genome), outcome.Values, front.Contains(trial.Id))
            {
                ReportValues = reportValues.TryGetValue(trial.Id, out var values) ? values : [],
            };
    }

    /// <summary>A recorded point as reports show it: by how many outcomes there were, remembered and failed ones included.</summary>
    internal static HypervolumePoint Point(Core.Control.HypervolumePoint recorded) => new(recorded.Sequence + 1, recorded.Hypervolume);
}
