using NasCluster.Client.Connection;
using NasCluster.Contracts.Searches;
using NasCluster.Core;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;
using NasCluster.Reporting.Fronts;
using NasCluster.Specification;

namespace NasCluster.Client.Searches;

/// <summary>A search's front as the same report that <c>nas</c> writes.</summary>
internal static class SearchReport
{
    private const string ConfigurationKey = "model.configuration";

    /// <summary>The report of what is recorded by now.</summary>
    /// <exception cref="NasClusterException">There is no such search, or nothing is recorded.</exception>
    public static async Task<FrontReport> ReadAsync(ClusterConnection cluster, string name, CancellationToken cancellation)
    {
        var progress = await cluster.Search(name).GetProgressAsync(cancellation);
        var watch = new SearchWatch(cluster, name, TimeProvider.System);
        await watch.ReadAsync(null, cancellation);
        return watch.Outcomes.Count > 0
            ? Of(progress, watch)
            : throw new NasClusterException($"{name}: nothing has been evaluated yet, so there is no front.");
    }

    /// <summary>The report of what a watch has read.</summary>
    public static FrontReport Of(SearchProgress progress, SearchWatch watch)
    {
        var spec = SearchSpecReader.Read(progress.Definition.Specification).SpecOrThrow(progress.Definition.Name);
        var configuration = LlamaConfiguration.FromJson(progress.Configuration ?? throw new NasClusterException("The cluster does not say what the model looks like."));
        return new RecordedSearch(
            spec.Model,
            new LlamaSpace(configuration, spec.Space.Resolve(configuration)),
            progress.Objectives,
            progress.Budget,
            (ulong)spec.Seed,
            watch.Outcomes,
            watch.History,
            [.. progress.Provenance.Where(p => p.Key != ConfigurationKey)]).ToReport();
    }

    /// <summary>Writes a report to standard output; a table comes with its plots.</summary>
    public static void Show(FrontReport report, FrontFormat format)
    {
        var width = Console.IsOutputRedirected ? 120 : Math.Max(40, Console.WindowWidth);
        FrontDisplay.Show(report, format, Console.Out, new FrontWriterOptions { Width = width, AllTrials = format == FrontFormat.Json });
    }
}
