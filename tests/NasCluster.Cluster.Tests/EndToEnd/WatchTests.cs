using System.Text.Json.Nodes;
using NasCluster.Cluster.Tests.Hosting;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>What watching shows of a search and of the evaluators that work for it.</summary>
[Collection(OneSiloCollection.Name)]
public sealed class WatchTests(OneSilo cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Every figure of the table is one the silo's evaluator counted itself.</summary>
    [Fact]
    public async Task Watch_Json_ShowsWhatTheEvaluatorDoesAndHasDone()
    {
        (await cluster.RunAsync([.. ShippedSearch.Start("budget.evaluations=100000"), "--name", "seen"])).Ended(0);
        await using var watching = Nasctl.Start(["search", "watch", "seen", "--format", "json", .. cluster.Connection]);
        try
        {
            JsonObject? evaluator = null;
            using var patience = new CancellationTokenSource(Patience);
            while (evaluator is null)
            {
                evaluator = watching.ErrorLines.Select(line => JsonNode.Parse(line)).SelectMany(line => line!["evaluators"]?.AsArray() ?? []).OfType<JsonObject>()
                    .FirstOrDefault(e => (long)e["evaluations"]! > 0 && (int)e["in_hand"]! > 0);
                await Task.Delay(100, patience.Token);
            }

            Assert.EndsWith("/cpu", (string)evaluator["evaluator"]!, StringComparison.Ordinal);
            Assert.Equal(("busy", 1), ((string)evaluator["state"]!, (int)evaluator["super_networks_loaded"]!));
            Assert.InRange((int)evaluator["in_hand"]!, 1, (int)evaluator["batch"]!);
            Assert.True((double)evaluator["rate_per_second"]! > 0);
            var last = JsonNode.Parse(watching.ErrorLines[^1])!;
            Assert.Equal("running", (string)last["state"]!);
            Assert.Equal("", watching.Output);
        }
        finally
        {
            (await cluster.RunAsync("search", "delete", "seen")).Ended(0);
        }
    }

    [Fact]
    public async Task Evaluators_AfterASearch_CountWhatItEvaluated()
    {
        var before = await CountAsync();
        (await cluster.RunAsync([.. ShippedSearch.Start("seed=77"), "--name", "counted", "--watch"])).Ended(0);
        using var patience = new CancellationTokenSource(Patience);
        while (await CountAsync() < before + 30)
        {
            await Task.Delay(100, patience.Token);
        }
    }

    /// <summary>What was recorded before is no speed of the search: a view that begins late must not say so.</summary>
    [Fact]
    public async Task Watch_FinishedSearch_BeginsWithAllThatIsRecorded()
    {
        (await cluster.RunAsync([.. ShippedSearch.Start(), "--name", "over", "--watch"])).Ended(0);

        var watched = (await cluster.RunAsync("search", "watch", "over", "--format", "json")).Ended(0);

        Assert.All(watched.ErrorLines.Select(line => JsonNode.Parse(line)), line => Assert.Equal((30, null), ((int)line!["done"]!, (double?)line["rate_per_second"])));
    }

    private async Task<long> CountAsync() => JsonNode.Parse((await cluster.RunAsync("evaluators", "--format", "json")).Ended(0).Output)!
        .AsArray().Sum(e => (long)e!["evaluations"]!);
}
