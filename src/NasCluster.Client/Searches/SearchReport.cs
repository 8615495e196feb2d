using System.Collections.Immutable;
using NasCluster.Client.Connection;
using NasCluster.Contracts.Searches;
using NasCluster.Core;
using NasCluster.Core.Search;
using NasCluster.Core.Spaces;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Reporting.Fronts;
using NasCluster.Specification;

namespace NasCluster.Client.Searches;

/// <summary>A search's front as the same report that <c>nas</c> writes.</summary>
internal static class SearchReport
{
    private const string ConfigurationKey = "model.configuration";

    /// <summary>The report of what is recorded by now, with the values on the report part as far as they are there.</summary>
    /// <exception cref="NasClusterException">There is no such search.</exception>
    public static async Task<FrontReport> ReadAsync(ClusterConnection cluster, string name, CancellationToken cancellation)
    {
        var watch = new SearchWatch(cluster, name, TimeProvider.System);
        var progress = await watch.GetProgressAsync(cancellation);
        await watch.CatchUpAsync(null, cancellation);
        var spec = SearchSpecReader.Read(progress.Definition.Specification).SpecOrThrow(progress.Definition.Name);

        // What genomes mean is then measured; silos that know of no stages are not asked.
        var orders = spec.Pruning.Importance == ImportanceName.None ? null : await watch.GetOrdersAsync(cancellation);
        return Of(progress, spec, orders, watch, await ReportValuesAsync(cluster, progress, watch, cancellation));
    }

    private static FrontReport Of(
        SearchProgress progress, SearchSpec spec, SearchOrders? orders, SearchWatch watch, IReadOnlyDictionary<TrialId, ImmutableArray<ObjectiveValue>> reportValues)
    {
        var configuration = LlamaConfiguration.FromJson(progress.Configuration ?? throw new NasClusterException("The cluster does not say what the model looks like."));
        var space = SpecifiedSpace.Of(spec, configuration, orders?.ToMeasured());
        return new RecordedSearch(
            spec.Model,
            space,
            SpecifiedSpace.WholeOf(space),
            progress.Objectives,
            progress.Budget,
            (ulong)spec.Seed,
            watch.Outcomes,
            watch.History,
            [.. progress.Provenance.Where(p => p.Key != ConfigurationKey)])
        {
            ReportValues = reportValues,
        }.ToReport();
    }

    /// <summary>What the front's networks reach on the report part; what is not scored there keeps its value.</summary>
    private static async Task<IReadOnlyDictionary<TrialId, ImmutableArray<ObjectiveValue>>> ReportValuesAsync(
        ClusterConnection cluster, SearchProgress search, SearchWatch watch, CancellationToken cancellation)
    {
        var values = new Dictionary<TrialId, ImmutableArray<ObjectiveValue>>();
        if (await watch.FindReportAsync(cancellation) is not { } found)
        {
            return values;
        }

        var scored = new SearchWatch(cluster, found.Name, TimeProvider.System);
        var report = await scored.GetProgressAsync(cancellation);
        await scored.CatchUpAsync(null, cancellation);
        var byGenome = scored.Outcomes.Where(o => o.Outcome.IsSuccess).ToDictionary(o => o.Trial.Genome, o => o.Outcome.Values);
        foreach (var record in watch.Outcomes.Where(o => o.Outcome.IsSuccess))
        {
            if (byGenome.TryGetValue(record.Trial.Genome, out var there))
            {
                values[record.Trial.Id] = [.. search.Objectives.Select((objective, i) =>
                    report.Objectives.IndexOf(objective) is var at and >= 0 ? there[at] : record.Outcome.Values[i])];
            }
        }

        return values;
    }

    /// <summary>Writes a report to standard output; a table comes with its plots.</summary>
    public static void Show(FrontReport report, FrontFormat format)
    {
        var width = Console.IsOutputRedirected ? 120 : Math.Max(40, Console.WindowWidth);
        FrontDisplay.Show(report, format, Console.Out, new FrontWriterOptions { Width = width, AllTrials = format == FrontFormat.Json });
    }
}
