using System.Text.Json.Nodes;
using NasCluster.Cluster.Tests.Hosting;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>A silo that is killed during a stage.</summary>
[Collection(ServersCollection.Name)]
public sealed class StageKillTests(Servers servers)
{
    private const string Name = "stage-killed";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>The only evaluator there is has begun the stage; the one that comes then carries it out from its beginning.</summary>
    [ServerFact(Needs.PostgreSql)]
    public async Task Watch_EvaluatorKilledDuringAStage_AnotherComesToTheSame()
    {
        var database = await servers.PostgreSqlAsync();
        using var search = StagedSearch.Composition(800);
        await using var controller = await Start("Controller", database).ReadyAsync();
        await using var first = await Start("Evaluator", database).ReadyAsync();
        string[] any = ["--postgresql", database, "--cluster", Name];
        (await Nasctl.RunAsync([.. search.Start(Name), .. any])).Ended(0);
        await Eventually.ReadAsync(
            async () => JsonNode.Parse((await Nasctl.RunAsync(["search", "stages", Name, "--format", "json", .. any])).Ended(0).Output)!.AsArray().Count,
            done => done > 0, "importance measured");

        first.Process.Kill();
        var stages = JsonNode.Parse((await Nasctl.RunAsync(["search", "stages", Name, "--format", "json", .. any])).Ended(0).Output)!.AsArray();
        Assert.Equal("importance", (string?)Assert.Single(stages)!["stage"]);
        await using var second = await Start("Evaluator", database).ReadyAsync();
        await using var watching = Nasctl.Start(["search", "watch", Name, "--format", "json", .. any]);
        try
        {
            Assert.Equal(0, await watching.WaitAsync(Patience));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The search stands still:\n{watching.Errors}\n{controller.Process.Output}\n{second.Process.Output}");
        }

        var run = await search.RunLocallyAsync();
        StagedSearch.AssertSame(run, watching.Output);
        StagedSearch.AssertSameStages(
            run, (await Nasctl.RunAsync(["search", "stages", Name, "--format", "json", .. any])).Ended(0).Output, "importance", "policy_gradient", "pruned");
    }

    private static SiloProcess Start(string role, string database)
    {
        var ports = FreePorts.Take(3);
        return SiloProcess.Start(
            ports[0], ports[1], ports[2],
            $"Role={role}", $"Cluster={Name}", $"SuperNetworks:Directory={ShippedSearch.Models}", "Evaluator:Threads=1",
            "Clustering:Provider=PostgreSql", $"Clustering:ConnectionString={database}", "Storage:Provider=PostgreSql", $"Storage:ConnectionString={database}");
    }
}
