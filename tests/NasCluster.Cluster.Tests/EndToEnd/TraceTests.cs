using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Core.Telemetry;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>A search's life as an OpenTelemetry collector sees it.</summary>
public sealed class TraceTests
{
    private const string Name = "traced";

    [Fact]
    public async Task Traces_OfASearch_TellWhoEvaluatedWhatAndWhenItWasSaved()
    {
        const int trials = 30;
        await using var collector = await Collector.StartAsync();
        var ports = FreePorts.Take(3);
        await using var silo = await SiloProcess.Start(
            ports[0], ports[1], ports[2], $"Clustering:PrimaryPort={ports[0]}", $"SuperNetworks:Directory={ShippedSearch.Models}", "Evaluator:Threads=1",
            $"Otlp={collector.Address}").ReadyAsync();
        (await Nasctl.RunAsync([.. ShippedSearch.Start(), "--name", Name, "--gateway", silo.Gateway, "--watch"])).Ended(0);

        await Eventually.ReadAsync(
            () => Task.FromResult(Ours(SearchTraces.Save).Sum(s => int.Parse(s.Tags[SearchTraces.Outcomes], null))), saved => saved == trials, "all saved");
        var dispatches = Ours(SearchTraces.Dispatch);
        var evaluations = await Eventually.ReadAsync(
            () => Task.FromResult(Ours(SearchTraces.Evaluate)), found => found.Sum(e => e.Tags[SearchTraces.Trials].Split(',').Length) == trials, "all evaluated");

        Assert.All(Ours(SearchTraces.Save).Concat(dispatches).Concat(evaluations), s => Assert.Equal(("nas-silo", MetricTags.Succeeded), (s.Service, s.Tags[MetricTags.Result])));
        Assert.Equal(Enumerable.Range(0, trials), evaluations.SelectMany(e => e.Tags[SearchTraces.Trials].Split(',')).Select(t => int.Parse(t, null)).Order());
        Assert.All(dispatches, d => Assert.Equal("", d.Parent));
        Assert.Equal(dispatches.Length, dispatches.Select(d => d.Trace).Distinct().Count());

        // Each evaluation belongs to the dispatch that brought it, through the call between silos.
        Assert.All(evaluations, e =>
        {
            var dispatch = Assert.Single(dispatches, d => d.Trace == e.Trace);
            Assert.Equal(
                (dispatch.Tags[MetricTags.Evaluator], dispatch.Tags[SearchTraces.Trials]), (e.Tags[MetricTags.Evaluator], e.Tags[SearchTraces.Trials]));
            Assert.EndsWith("/cpu", e.Tags[MetricTags.Evaluator], StringComparison.Ordinal);
            Assert.NotEqual("", e.Parent);
        });

        Collector.Span[] Ours(string name) =>
            [.. collector.Spans.Where(s => s.Source == SearchTraces.SourceName && s.Name == name && s.Tags[MetricTags.Search] == Name)];
    }
}
