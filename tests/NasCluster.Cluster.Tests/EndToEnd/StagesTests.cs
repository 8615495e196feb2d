using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NasCluster.Cluster.Tests.Hosting;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>Searches with stages on a cluster of one silo, against the same with <c>nas</c>.</summary>
[Collection(OneSiloCollection.Name)]
public sealed class StagesTests(OneSilo cluster)
{
    private const int Success = 0;
    private const int Failure = 1;

    [Fact]
    public async Task Start_MasksFromImportance_FindsTheFrontOfTheEmbeddedHost()
    {
        using var search = new StagedSearch(
            "space: {kind: masks, attention: both}",
            "objectives: [perplexity]",
            "algorithm: {name: mask_evolution, population: 6}",
            "pruning: {keep: 0.8, importance: wanda, sequences: 24}",
            "budget: {evaluations: 12}");

        await RunsAsInNasAsync(search, "masks", ["importance", "pruned"]);
    }

    [Fact]
    public async Task Start_WidthsInOrderOfImportance_FindsTheFrontOfTheEmbeddedHost()
    {
        using var search = new StagedSearch(
            "space: {depth: [6, 8], mlp: [0.25, 0.5, 1.0]}",
            "objectives: [perplexity, parameters]",
            "algorithm: {name: nsga2, population: 6}",
            "pruning: {importance: magnitude, sequences: 24}",
            "budget: {evaluations: 12}");

        await RunsAsInNasAsync(search, "widths", ["importance"]);
    }

    [Fact]
    public async Task Start_PolicyGradientRepairedCandidatesAndRepair_FindsTheFrontAndTheNetworkOfTheEmbeddedHost()
    {
        using var search = new StagedSearch(StagedSearch.Composition);

        await RunsAsInNasAsync(search, "composition", ["importance", "policy_gradient", "pruned"]);
    }

    [Fact]
    public async Task Start_StageThatCannotBeCarriedOut_FailsWithItsReason()
    {
        using var search = new StagedSearch(
            "space: {kind: masks, attention: groups}",
            "objectives: [perplexity]",
            "algorithm: {name: mask_evolution, population: 6}",
            "pruning: {keep: 0.8, importance: wifv, sequences: 2}",
            "budget: {evaluations: 10}");

        var watched = await cluster.RunAsync([.. search.Start("too-short"), "--watch"]);

        watched.Ended(Failure);
        Assert.Contains("it must have at least", watched.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Equal("failed", await cluster.StateAsync("too-short"));
    }

    [Fact]
    public async Task Stop_DuringAStage_AndResume_FindsTheSameFront()
    {
        using var search = new StagedSearch(StagedSearch.Composition);
        (await cluster.RunAsync(search.Start("stopped-early"))).Ended(Success);
        (await cluster.RunAsync("search", "stop", "stopped-early")).Ended(Success);
        Assert.Equal("stopped", await cluster.StateAsync("stopped-early"));

        (await cluster.RunAsync("search", "resume", "stopped-early")).Ended(Success);
        (await cluster.RunAsync("search", "watch", "stopped-early")).Ended(Success);

        await SameAsInNasAsync(search, "stopped-early", ["importance", "policy_gradient", "pruned"]);
    }

    private async Task RunsAsInNasAsync(StagedSearch search, string name, string[] stages)
    {
        (await cluster.RunAsync([.. search.Start(name), "--watch"])).Ended(Success);
        await SameAsInNasAsync(search, name, stages);
    }

    private async Task SameAsInNasAsync(StagedSearch search, string name, string[] stages)
    {
        var run = await search.RunLocallyAsync();
        StagedSearch.AssertSame(run, (await cluster.RunAsync("search", "front", name, "--format", "json")).Ended(Success).Output);
        var records = JsonNode.Parse((await cluster.RunAsync("search", "stages", name, "--format", "json")).Ended(Success).Output)!.AsArray();
        Assert.Equal(stages, records.Select(r => (string)r!["stage"]!));
        var scores = records.Last(r => r!["content"] is not null)!;
        Assert.Equal(HashOfScores(run), (string)scores["content"]!);
        if (stages[^1] == "pruned")
        {
            Assert.Equal(Timeless(JsonNode.Parse(File.ReadAllText(Path.Combine(run, "stages", "pruned.json")))!), Timeless(records[^1]!["record"]!));
        }
    }

    private static string HashOfScores(string run)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "stages", "scores.json")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.RootElement.GetProperty("scores").GetRawText())));
    }

    private static string Timeless(JsonNode record)
    {
        var copy = record.DeepClone().AsObject();
        Assert.True(copy.Remove("seconds"));
        return copy.ToJsonString();
    }
}
