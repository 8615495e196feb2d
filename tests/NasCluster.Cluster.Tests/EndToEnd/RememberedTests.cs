using System.Text.Json.Nodes;
using NasCluster.Cluster.Tests.Hosting;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>What was evaluated once is remembered by later searches, those after a restart of the whole cluster too.</summary>
[Collection(ServersCollection.Name)]
public sealed class RememberedTests(Servers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [ServerFact(Needs.Azurite)]
    public async Task Start_SameSearchAfterARestart_EvaluatesNothingAgain()
    {
        var blobs = await servers.AzuriteAsync();
        await using (var silo = await Start(blobs).ReadyAsync())
        {
            (await Nasctl.RunAsync([.. ShippedSearch.Start(), "--name", "first", "--watch", "--gateway", silo.Gateway])).Ended(0);
            silo.Process.AskToEnd();
            Assert.Equal(0, await silo.Process.WaitAsync(Patience));
        }

        await using var later = await Start(blobs).ReadyAsync();
        var again = (await Nasctl.RunAsync([.. ShippedSearch.Start(), "--name", "second", "--watch", "--format", "json", "--gateway", later.Gateway])).Ended(0);

        EmbeddedSearch.AssertSame(again.Output);
        Assert.Equal(30, (int)JsonNode.Parse(again.ErrorLines[^1])!["remembered"]!);
        var evaluators = JsonNode.Parse((await Nasctl.RunAsync("evaluators", "--format", "json", "--gateway", later.Gateway)).Ended(0).Output)!.AsArray();
        Assert.Equal(0, (long)Assert.Single(evaluators)!["evaluations"]!);
    }

    private static SiloProcess Start(string blobs)
    {
        var ports = FreePorts.Take(3);
        return SiloProcess.Start(
            ports[0], ports[1], ports[2], $"Clustering:PrimaryPort={ports[0]}", $"SuperNetworks:Directory={ShippedSearch.Models}", "Evaluator:Threads=1",
            "Storage:Provider=AzureBlobs", $"Storage:ConnectionString={blobs}", "Storage:Container=remembered");
    }
}
