using NasCluster.Client.Connection;
using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Contracts.Searches;
using NasCluster.Core;

namespace NasCluster.Cluster.Tests.Security;

/// <summary>What a program of its own, which calls grains as it likes, can do to searches that are not its own.</summary>
[Collection(OneSiloCollection.Name)]
public sealed class OtherSearchesTests(OneSilo cluster)
{
    /// <summary>Keys of grains that would be other cells' names in one storage or another.</summary>
    public static TheoryData<string> EvilKeys =>
        ["../victim", "x/../victim", "../search.victim", "%2e%2e%2fvictim", "victim/", "Victim", "victim.", "0/../../catalog.0", "victim?snapshot=1", "victim#", "..", " victim", new string('v', 64)];

    [Theory]
    [MemberData(nameof(EvilKeys))]
    public async Task Grains_EvilKey_ReadAndWriteNothing(string key)
    {
        await using var client = await ConnectAsync();
        var search = client.Search(key);

        await RefusedAsync(() => search.GetProgressAsync(default));
        await RefusedAsync(() => search.StartAsync(Definition(key), default));
        await RefusedAsync(() => search.DeleteAsync(default));
        await RefusedAsync(() => search.StopAsync(default));
        await RefusedAsync(() => client.Searches.StartAsync(Definition(key), default));
        await RefusedAsync(() => client.Searches.DeleteAsync(key, default));
        await RefusedAsync(() => client.Archive(key).ReadAsync(0, 10, default));
        await RefusedAsync(() => client.Archive(key).GetFrontAsync(default));
        Assert.DoesNotContain(await client.Searches.ListAsync(default), s => s.Name == key);
    }

    /// <summary>Evaluators report to the name that a definition has: another's name would put outcomes into another's log.</summary>
    [Fact]
    public async Task Start_DefinitionOfAnotherSearch_IsRefused()
    {
        (await cluster.RunAsync([.. ShippedSearch.Start(), "--name", "victim", "--watch"])).Ended(0);
        await using var client = await ConnectAsync();
        var definition = (await client.Search("victim").GetProgressAsync(default)).Definition;

        await RefusedAsync(() => client.Search("attacker").StartAsync(definition, default));

        await RefusedAsync(() => client.Search("attacker").GetProgressAsync(default));
    }

    [Theory]
    [InlineData("../search.victim")]
    [InlineData("search")]
    [InlineData("searches")]
    [InlineData("log-0")]
    public async Task ContentCells_NamesOfOtherCells_AreRefused(string name)
    {
        await using var client = await ConnectAsync();
        var cells = new RemoteContentCells(client.ContentCells);

        await RefusedAsync(() => cells.ReadAsync(name, default).AsTask());
        await RefusedAsync(() => cells.WriteAsync(name, new byte[] { 1 }, null, default).AsTask());
        await RefusedAsync(() => cells.DeleteAsync(name, "1", default).AsTask());
    }

    [Theory]
    [InlineData("model: ../../etc\ndata: {text: sha256:0}\nobjectives: [perplexity, parameters]\n")]
    [InlineData("model: small-world\ndata: {text: /etc/passwd}\nobjectives: [perplexity, parameters]\n")]
    [InlineData("model: small-world\ndata: {text: tokenizer.model}\nobjectives: [perplexity, parameters]\n")]
    [InlineData("model: small-world\ndata: {text: 'sha256:../../../../../../../../../../../../../../../../../../etc/passwd..'}\nobjectives: [perplexity, parameters]\n")]
    [InlineData("[1, 2]")]
    public async Task Prepare_SpecificationThatNamesFiles_IsRefused(string specification)
    {
        await using var client = await ConnectAsync();

        await RefusedAsync(() => client.Preparation.PrepareAsync(specification, default));
    }

    [Fact]
    public async Task Start_PreparedTextThatIsNone_IsRefusedAndLeavesNoTrace()
    {
        await using var client = await ConnectAsync();

        await RefusedAsync(() => client.Searches.StartAsync(Definition("unprepared"), default));

        Assert.DoesNotContain(await client.Searches.ListAsync(default), s => s.Name == "unprepared");
    }

    private static SearchDefinition Definition(string name) => new() { Name = name, Specification = "", Prepared = "{}", Started = DateTimeOffset.UtcNow };

    private static async Task RefusedAsync(Func<Task> call)
    {
        var refusal = await Assert.ThrowsAnyAsync<NasClusterException>(call);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    private Task<ClusterConnection> ConnectAsync() =>
        ClusterConnection.OpenAsync(new ClusterAddress("nascluster", new(System.Net.IPAddress.Loopback, cluster.Silo.GatewayPort), null, null), default);
}
