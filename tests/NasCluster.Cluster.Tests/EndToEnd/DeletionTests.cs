using System.Text.Json.Nodes;
using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Testing;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>Deleting what is stored by name, beside searches that need it and uploads that follow at once.</summary>
[Collection(OneSiloCollection.Name)]
public sealed class DeletionTests(OneSilo cluster)
{
    private const int Failure = 1;
    private static readonly string Model = Path.Combine(ShippedSearch.Models, "small-world");

    [Fact]
    public async Task Delete_SuperNetwork_IsRefusedWhileASearchMayGoOnAndTakesNothingFromTheNextUpload()
    {
        (await cluster.RunAsync("supernet", "upload", Model, "--name", "deletable")).Ended(0);
        string[] start = [.. ShippedSearch.Start("budget.evaluations=100000"), "--name", "needs-it"];
        (await cluster.RunAsync([.. start.Select(a => a == "small-world" ? "deletable" : a)])).Ended(0);

        (await cluster.RunAsync("supernet", "delete", "deletable")).Refused(Failure, "'deletable' is needed by the search 'needs-it', which is running.");
        (await cluster.RunAsync("search", "stop", "needs-it")).Ended(0);
        (await cluster.RunAsync("supernet", "delete", "deletable")).Refused(Failure, "'deletable' is needed by the search 'needs-it', which is stopped.");
        Assert.Contains("deletable", await NamesAsync("supernet"));
        (await cluster.RunAsync("search", "delete", "needs-it")).Ended(0);
        (await cluster.RunAsync("supernet", "delete", "deletable")).Ended(0);
        Assert.DoesNotContain("deletable", await NamesAsync("supernet"));

        (await cluster.RunAsync("supernet", "upload", Model, "--name", "deletable")).Ended(0);
        (await cluster.RunAsync("supernet", "verify", "deletable")).Ended(0);
        string[] again = [.. ShippedSearch.Start(), "--name", "after-deletion", "--watch", "--format", "json"];
        EmbeddedSearch.AssertSame((await cluster.RunAsync([.. again.Select(a => a == "small-world" ? "deletable" : a)])).Ended(0).Output);
        (await cluster.RunAsync("supernet", "delete", "deletable")).Ended(0);
    }

    [Fact]
    public async Task Delete_OneOfTwoNamesOfAContent_LeavesTheOther()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.At("twice.txt"), "Twice upon a time.");
        (await cluster.RunAsync("data", "upload", directory.At("twice.txt"), "--name", "one-name")).Ended(0);
        (await cluster.RunAsync("data", "upload", directory.At("twice.txt"), "--name", "other-name")).Ended(0);

        (await cluster.RunAsync("data", "delete", "one-name")).Ended(0);

        var names = await NamesAsync("data");
        Assert.DoesNotContain("one-name", names);
        Assert.Contains("other-name", names);
        (await cluster.RunAsync("data", "delete", "other-name")).Ended(0);
        (await cluster.RunAsync("data", "upload", directory.At("twice.txt"), "--name", "one-name")).Ended(0);
        (await cluster.RunAsync("data", "delete", "one-name")).Ended(0);
    }

    [Theory]
    [InlineData("supernet", "The cluster has stored no super-network 'nothing'.")]
    [InlineData("data", "The cluster has stored no data set 'nothing'.")]
    public async Task Delete_UnknownName_IsRefused(string what, string says) =>
        (await cluster.RunAsync(what, "delete", "nothing")).Refused(Failure, says);

    private async Task<string?[]> NamesAsync(string what) =>
        [.. JsonNode.Parse((await cluster.RunAsync(what, "list", "--format", "json")).Ended(0).Output)!.AsArray().Select(d => (string?)d!["name"])];
}
