using System.Text.Json.Nodes;
using NasCluster.Cluster.Tests.Hosting;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>A cluster that keeps its state in servers: it outlives any of its silos.</summary>
[Collection(ServersCollection.Name)]
public sealed class TwoSilosTests(Servers servers)
{
    /// <summary>Long enough that a silo can go in the middle of it.</summary>
    private static readonly string[] Longer = ["budget.evaluations=40", "data.search_share=0.06"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [ServerFact(Needs.Azurite | Needs.PostgreSql)]
    public async Task Watch_SiloKilled_GoesOnToTheSameFront() =>
        await KillAsync("killed", InPostgreSql(await servers.PostgreSqlAsync()), InBlobs(await servers.AzuriteAsync()));

    /// <summary>Clustering and storage both in one database, over the tables that the first silo makes there.</summary>
    [ServerFact(Needs.PostgreSql)]
    public async Task Watch_SiloKilledStateInPostgreSql_GoesOnToTheSameFront()
    {
        var database = await servers.PostgreSqlAsync();
        await KillAsync("killed-database", InPostgreSql(database), StateInPostgreSql(database));
    }

    /// <summary>The same over the tables of Orleans' own scripts.</summary>
    [ServerFact(Needs.OrleansScripts)]
    public async Task Watch_SiloKilledTablesOfOrleans_GoesOnToTheSameFront()
    {
        var database = await servers.PostgreSqlOfOrleansAsync();
        await KillAsync("killed-orleans", InPostgreSql(database), StateInPostgreSql(database));
    }

    /// <summary>All of it in an Azure Storage account.</summary>
    [ServerFact(Needs.AzuriteTables)]
    public async Task Watch_SiloKilledMembersInAzureTables_GoesOnToTheSameFront()
    {
        await using var tables = await AzuriteServer.StartTablesAsync();
        await KillAsync(
            "killed-azure",
            new Finding(["Clustering:Provider=AzureTables", $"Clustering:ConnectionString={tables.ConnectionString}"], ["--azure-tables", tables.ConnectionString]),
            InBlobs(await servers.AzuriteAsync()));
    }

    /// <summary>Asked to end, as at a roll-out, a silo hands over within its grace period and says nothing of an error.</summary>
    [ServerFact(Needs.Azurite | Needs.PostgreSql)]
    public async Task Stop_SiloAskedToEnd_LeavesInOrderAndTheSearchGoesOn()
    {
        var (members, state) = (InPostgreSql(await servers.PostgreSqlAsync()), InBlobs(await servers.AzuriteAsync()));
        await using var first = await Start("drained", members, state).ReadyAsync();
        string[] any = [.. members.Arguments, "--cluster", "drained"];
        (await Nasctl.RunAsync([.. ShippedSearch.Start(Longer), "--name", "moved", .. any])).Ended(0);
        await using var second = await Start("drained", members, state).ReadyAsync();

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

    /// <summary>One client finds gateways where the silos find each other, the other knows only the silo that stays; both watch while the other silo dies.</summary>
    private static async Task KillAsync(string cluster, Finding members, string[] state)
    {
        // Both start at once: they make the tables together.
        await using var first = Start(cluster, members, state);
        await using var second = Start(cluster, members, state);
        await Task.WhenAll(first.ReadyAsync(), second.ReadyAsync());
        string[] any = [.. members.Arguments, "--cluster", cluster];
        string[] stays = ["--gateway", second.Gateway, "--cluster", cluster];
        Assert.Equal(2, JsonNode.Parse((await Nasctl.RunAsync(["evaluators", "--format", "json", .. any])).Ended(0).Output)!.AsArray().Count);

        (await Nasctl.RunAsync([.. ShippedSearch.Start(Longer), "--name", "survivor", "--gateway", first.Gateway, "--cluster", cluster])).Ended(0);
        await using var watching = Nasctl.Start(["search", "watch", "survivor", "--format", "json", .. any]);
        await using var alsoWatching = Nasctl.Start(["search", "watch", "survivor", "--format", "json", .. stays]);
        using var patience = new CancellationTokenSource(Patience);
        while (watching.Errors.Length == 0 || alsoWatching.Errors.Length == 0)
        {
            await Task.Delay(20, patience.Token);
        }

        first.Process.Kill();
        Assert.Contains("\"state\":\"running\"", watching.ErrorLines[^1], StringComparison.Ordinal);

        try
        {
            Assert.Equal((0, 0), (await watching.WaitAsync(Patience), await alsoWatching.WaitAsync(Patience)));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The search stands still:\n{watching.Errors}\n{second.Process.Output}");
        }

        EmbeddedSearch.AssertSame(watching.Output, Longer);
        EmbeddedSearch.AssertSame(alsoWatching.Output, Longer);
        (await Nasctl.RunAsync(["search", "delete", "survivor", .. stays])).Ended(0);
        (await Nasctl.RunAsync([.. ShippedSearch.Start(), "--name", "survivor", "--watch", .. stays])).Ended(0); // Names may be used again, whatever is left in storage.

        // The silo comes back at its old address, and is another member to the others.
        await first.StartAsync();
        await first.ReadyAsync();
        Assert.Equal(2, JsonNode.Parse((await Nasctl.RunAsync(["evaluators", "--format", "json", .. any])).Ended(0).Output)!.AsArray().Count);
    }

    private static SiloProcess Start(string cluster, Finding members, string[] state)
    {
        var ports = FreePorts.Take(3);
        return SiloProcess.Start(
            ports[0], ports[1], ports[2],
            [$"Cluster={cluster}", $"SuperNetworks:Directory={ShippedSearch.Models}", "Evaluator:Threads=1", "Evaluator:BatchSize=2",
                .. members.Settings, .. state, $"Storage:Container={cluster}"]);
    }

    private static Finding InPostgreSql(string database) =>
        new(["Clustering:Provider=PostgreSql", $"Clustering:ConnectionString={database}"], ["--postgresql", database]);

    private static string[] StateInPostgreSql(string database) => ["Storage:Provider=PostgreSql", $"Storage:ConnectionString={database}"];

    private static string[] InBlobs(string blobs) => ["Storage:Provider=AzureBlobs", $"Storage:ConnectionString={blobs}"];

    /// <summary>How silos find each other, and clients find them.</summary>
    /// <param name="Settings">Settings of silos.</param>
    /// <param name="Arguments">Arguments of <c>nasctl</c>.</param>
    private sealed record Finding(string[] Settings, string[] Arguments);
}
