using System.Text.Json.Nodes;
using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Testing;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>What scripts read: with <c>--format json</c> standard output is one JSON value, whatever the command.</summary>
[Collection(OneSiloCollection.Name)]
public sealed class FormatTests(OneSilo cluster)
{
    [Fact]
    public async Task Json_CommandsThatSteer_SayWhereTheSearchStands()
    {
        Assert.Equal("""{"name":"scripted"}""", await JsonAsync([.. ShippedSearch.Start("budget.evaluations=100000"), "--name", "scripted"]));
        Assert.Equal("""{"name":"scripted","state":"paused"}""", await JsonAsync("search", "pause", "scripted"));
        Assert.Equal("""{"name":"scripted","state":"running"}""", await JsonAsync("search", "resume", "scripted"));
        Assert.Equal("""{"name":"scripted","state":"stopped"}""", await JsonAsync("search", "stop", "scripted"));
        Assert.Equal("""{"name":"scripted","state":"deleted"}""", await JsonAsync("search", "delete", "scripted"));
    }

    [Fact]
    public async Task Json_StartAndWatch_IsTheFrontAlone()
    {
        var front = JsonNode.Parse(await JsonAsync([.. ShippedSearch.Start(), "--name", "one-value", "--watch"]))!;

        Assert.Equal(30, (int)front["evaluations"]!);
        Assert.Contains(JsonNode.Parse(await JsonAsync("search", "list"))!.AsArray(), s => (string)s!["name"]! == "one-value");
    }

    [Fact]
    public async Task Json_WatchOfASearchWithoutOutcomes_IsAnEmptyFront()
    {
        (await cluster.RunAsync([.. ShippedSearch.Start("budget.evaluations=100000", "data.search_share=1"), "--name", "nothing-yet"])).Ended(0);
        (await cluster.RunAsync("search", "stop", "nothing-yet")).Ended(0);

        var watched = (await cluster.RunAsync("search", "watch", "nothing-yet", "--format", "json")).Ended(3);

        Assert.NotNull(JsonNode.Parse(watched.Output)!["front"]);
        (await cluster.RunAsync("search", "delete", "nothing-yet")).Ended(0);
    }

    [Fact]
    public async Task Json_DataCommands_SayWhatIsStored()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.At("text.txt"), "Once.");

        var stored = JsonNode.Parse(await JsonAsync("data", "upload", directory.At("text.txt"), "--name", "once"))!;
        Assert.Equal(("once", 5, 64), ((string)stored["name"]!, (int)stored["bytes"]!, ((string)stored["sha256"]!).Length));
        Assert.Contains(JsonNode.Parse(await JsonAsync("data", "list"))!.AsArray(), d => (string)d!["sha256"]! == (string)stored["sha256"]!);

        var model = JsonNode.Parse(await JsonAsync("supernet", "upload", Path.Combine(ShippedSearch.Models, "small-world"), "--name", "uploaded"))!;
        Assert.Equal("uploaded", (string)model["name"]!);
        var files = JsonNode.Parse(await JsonAsync("supernet", "verify", "uploaded"))!.AsArray();
        Assert.Equal((long)model["bytes"]!, files.Sum(f => (long)f!["bytes"]!));
        Assert.Contains(files, f => (string)f!["file"]! == "model.safetensors");
        Assert.Equal("""{"name":"uploaded","state":"deleted"}""", await JsonAsync("supernet", "delete", "uploaded"));
        Assert.Equal("""{"name":"once","state":"deleted"}""", await JsonAsync("data", "delete", "once"));
    }

    [Fact]
    public async Task Help_Root_ListsTheExitCodes()
    {
        var help = (await Nasctl.RunAsync("--help")).Ended(0).Output;

        Assert.All((string[])["  0   done", "  1   something", "  2   the command line", "  3   watching", "  4   the cluster", "  70  a defect"], line =>
            Assert.Contains(line, help, StringComparison.Ordinal));
    }

    private async Task<string> JsonAsync(params string[] arguments)
    {
        var output = (await cluster.RunAsync([.. arguments, "--format", "json"])).Ended(0).Output;
        Assert.NotNull(JsonNode.Parse(output));
        return output;
    }
}
