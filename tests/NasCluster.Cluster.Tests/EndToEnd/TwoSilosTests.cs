using System.Text.Json.Nodes;
using NasCluster.Cluster.Tests.Hosting;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>A cluster that keeps its state in servers: it outlives any of its silos.</summary>
[Collection(ServersCollection.Name)]
public sealed class TwoSilosTests(Servers servers)
{
    /// <summary>Long enough that a silo can go in the middle of it.</summary>
    private static readonly string[] Longer = ["budget.evaluations=40", "data.search_share=0.06"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>One client finds gateways in the database, the other knows only the silo that stays; both watch while the other silo dies.</summary>
    [ServerFact(Needs.Azurite | Needs.PostgreSql)]
    public async Task Watch_SiloKilled_GoesOnToTheSameFront()
    {
        var (database, blobs) = (await servers.PostgreSqlAsync(), await servers.AzuriteAsync());
        await using var first = await Start(database, blobs, "killed").ReadyAsync();
        await using var second = await Start(database, blobs, "killed").ReadyAsync();
        string[] any = ["--postgresql", database, "--cluster", "killed"];
        string[] stays = ["--gateway", second.Gateway, "--cluster", "killed"];
        Assert.Equal(2, JsonNode.Parse((await Nasctl.RunAsync(["evaluators", "--format", "json", .. any])).Ended(0).Output)!.AsArray().Count);

        (await Nasctl.RunAsync([.. ShippedSearch.Start(Longer), "--name", "survivor", "--gateway", first.Gateway, "--cluster", "killed"])).Ended(0);
        await using var watching = Nasctl.Start(["search", "watch", "survivor", "--format", "json", .. any]);
        await using var alsoWatching = Nasctl.Start(["search", "watch", "survivor", "--format", "json", .. stays]);
        using var patience = new CancellationTokenSource(Patience);
        while (watching.Errors.Length == 0 || alsoWatching.Errors.Length == 0)
        {
            await Task.Delay(20, patience.Token);
        }

        first.Process.Kill();
        Assert.Contains("\"state\":\"running\"", watching.ErrorLines[^1], StringComparison.Ordinal);

        Assert.Equal((0, 0), (await watching.WaitAsync(Patience), await alsoWatching.WaitAsync(Patience)));
        EmbeddedSearch.AssertSame(watching.Output, Longer);
        EmbeddedSearch.AssertSame(alsoWatching.Output, Longer);
        (await Nasctl.RunAsync(["search", "delete", "survivor", .. stays])).Ended(0);
        (await Nasctl.RunAsync([.. ShippedSearch.Start(), "--name", "survivor", "--watch", .. stays])).Ended(0); // Names may be used again, whatever is left in storage.
    }

    /// <summary>Asked to end, as at a roll-out, a silo hands over within its grace period and says nothing of an error.</summary>
    [ServerFact(Needs.Azurite | Needs.PostgreSql)]
    public async Task Stop_SiloAskedToEnd_LeavesInOrderAndTheSearchGoesOn()
    {
        var (database, blobs) = (await servers.PostgreSqlAsync(), await servers.AzuriteAsync());
        await using var first = await Start(database, blobs, "drained").ReadyAsync();
        string[] any = ["--postgresql", database, "--cluster", "drained"];
        (await Nasctl.RunAsync([.. ShippedSearch.Start(Longer), "--name", "moved", .. any])).Ended(0);
        await using var second = await Start(database, blobs, "drained").ReadyAsync();

        first.Process.AskToEnd();

        Assert.Equal(0, await first.Process.WaitAsync(Patience));
        await using var watching = Nasctl.Start(["search", "watch", "moved", .. any]);
        try
        {
            Assert.Equal(0, await watching.WaitAsync(Patience));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The search stands still:\n{watching.Errors}\n{second.Process.Output}");
        }

        EmbeddedSearch.AssertSame((await Nasctl.RunAsync(["search", "front", "moved", "--format", "json", .. any])).Ended(0).Output, Longer);
    }

    private static SiloProcess Start(string database, string blobs, string cluster)
    {
        var ports = FreePorts.Take(3);
        return SiloProcess.Start(
            ports[0], ports[1], ports[2], $"Cluster={cluster}", $"SuperNetworks:Directory={ShippedSearch.Models}", "Evaluator:Threads=1", "Evaluator:BatchSize=2",
            "Clustering:Provider=PostgreSql", $"Clustering:ConnectionString={database}",
            "Storage:Provider=AzureBlobs", $"Storage:ConnectionString={blobs}", $"Storage:Container={cluster}");
    }
}
