using NasCluster.Cluster.Tests.Hosting;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>Searches with stages on a cluster of one silo, against the same with <c>nas</c>.</summary>
[Collection(OneSiloCollection.Name)]
public sealed class StagesTests(OneSilo cluster)
{
    private const int Success = 0;
    private const int Failure = 1;

    /// <summary>Steps of a policy gradient that a command of nasctl overtakes.</summary>
    private const int Long = 400;

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
        using var search = StagedSearch.Composition(4);

        var run = await RunsAsInNasAsync(search, "composition", ["importance", "policy_gradient", "pruned"]);

        var extracted = await search.ExtractAsync((await cluster.RunAsync("search", "stages", "composition", "--format", "json")).Ended(Success).Output);
        Assert.Equal(File.ReadAllBytes(Path.Combine(run, "model", "model.safetensors")), extracted);
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

        // It would hold on to its super-network, which other tests on this cluster delete.
        (await cluster.RunAsync("search", "delete", "too-short")).Ended(Success);
    }

    [Fact]
    public async Task Stop_DuringAStage_AndResume_FindsTheSameFront()
    {
        using var search = StagedSearch.Composition(Long);
        (await cluster.RunAsync(search.Start("stopped-early"))).Ended(Success);
        (await cluster.RunAsync("search", "stop", "stopped-early")).Ended(Success);
        Assert.Equal("stopped", await cluster.StateAsync("stopped-early"));
        Assert.DoesNotContain("pruned", (await cluster.RunAsync("search", "stages", "stopped-early")).Ended(Success).Output, StringComparison.Ordinal);

        (await cluster.RunAsync("search", "resume", "stopped-early")).Ended(Success);
        (await cluster.RunAsync("search", "watch", "stopped-early")).Ended(Success);

        await SameAsInNasAsync(search, "stopped-early", ["importance", "policy_gradient", "pruned"]);
    }

    private async Task<string> RunsAsInNasAsync(StagedSearch search, string name, string[] stages)
    {
        (await cluster.RunAsync([.. search.Start(name), "--watch"])).Ended(Success);
        return await SameAsInNasAsync(search, name, stages);
    }

    private async Task<string> SameAsInNasAsync(StagedSearch search, string name, string[] stages)
    {
        var run = await search.RunLocallyAsync();
        StagedSearch.AssertSame(run, (await cluster.RunAsync("search", "front", name, "--format", "json")).Ended(Success).Output);
        StagedSearch.AssertSameStages(run, (await cluster.RunAsync("search", "stages", name, "--format", "json")).Ended(Success).Output, stages);
        return run;
    }
}
