using NasCluster.Core;
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
        if (plan.NeedsScores)
        {
            plan = StageFiles.ReadScores(directory, plan.Configuration) is { } scores ? plan.With(scores) : plan;
        }

        // Outcomes last: what the other two speak of is among them, also while a search adds to all three.
        var reportValues = reader.ReadReportValues();
        var history = reader.ReadHypervolume();
        var outcomes = reader.ReadOutcomes();

        return new RecordedSearch(
            RunNames.Model(spec.Model),
            plan.Space,
            plan.WholeGenome,
            plan.Objectives,
            plan.EvaluationCount,
            (ulong)spec.Seed,
            outcomes,
            history,
            [.. specification.Provenance.Where(p => p.Key != ProvenanceNames.ModelConfiguration)])
        {
            ReportValues = reportValues,
        }.ToReport();
    }
}
