using System.Text.Json.Nodes;
using NasCluster.Cluster.Tests.Hosting;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>Silos of several devices.</summary>
public sealed class DevicesTests
{
    private static readonly string[] Longer = ["budget.evaluations=300"];

    [Fact]
    public async Task Start_OnASiloOfTwoDevices_BothEvaluateAndTheFrontIsTheSame()
    {
        await using var silo = await LocalSilo.StartAsync(
            s => s with { Evaluator = s.Evaluator with { Devices = ["cpu:0", "cpu:1"], BatchSize = 2 } }, _ => { });

        (await silo.RunAsync([.. ShippedSearch.Start(Longer), "--name", "two", "--watch"])).Ended(0);

        var front = JsonNode.Parse((await silo.RunAsync("search", "front", "two", "--format", "json")).Ended(0).Output)!.AsObject();
        EmbeddedSearch.AssertSameFront(front, Longer);
        var evaluators = await EvaluatorsAsync(silo);
        Assert.Equal(["cpu:0", "cpu:1"], evaluators.Select(e => e.Name.Split('/')[^1]));
        Assert.All(evaluators, e => Assert.True(e.Evaluations > 0, e.Name));
    }

    internal static async Task<(string Name, int Evaluations, int Failed)[]> EvaluatorsAsync(LocalSilo silo) =>
    [
        .. JsonNode.Parse((await silo.RunAsync("evaluators", "--format", "json")).Ended(0).Output)!.AsArray()
            .Select(e => ((string)e!["evaluator"]!, (int)e["evaluations"]!, (int)e["failed"]!)).OrderBy(e => e.Item1, StringComparer.Ordinal),
    ];
}
