using System.Text.Json.Nodes;
using NasCluster.Cluster.Tests.Hosting;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>What <c>nasctl</c> does to searches of a cluster of one silo.</summary>
[Collection(OneSiloCollection.Name)]
public sealed class OneSiloTests(OneSilo cluster)
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int Usage = 2;
    private const int Unfinished = 3;

    /// <summary>Far more evaluations than a test waits for.</summary>
    private static readonly string[] Long = ["budget.evaluations=100000"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Start_Watched_FindsTheFrontOfTheEmbeddedHost()
    {
        var watched = await cluster.RunAsync([.. ShippedSearch.Start(), "--name", "watched", "--watch"]);

        watched.Ended(Success);
        Assert.Equal("watched", watched.Output.Split('\n')[0]);
        Assert.Contains("30 of 30 evaluations", watched.Output, StringComparison.Ordinal);
        EmbeddedSearch.AssertSame((await cluster.RunAsync("search", "front", "watched", "--format", "json")).Ended(Success).Output);
        Assert.Equal("completed", await cluster.StateAsync("watched"));
    }

    [Fact]
    public async Task Watch_FinishedSearch_ShowsItsFrontAtOnce()
    {
        (await cluster.RunAsync([.. ShippedSearch.Start(), "--name", "finished", "--watch"])).Ended(Success);

        var watched = await cluster.RunAsync("search", "watch", "finished", "--format", "json");

        EmbeddedSearch.AssertSame(watched.Ended(Success).Output);
        var csv = (await cluster.RunAsync("search", "front", "finished", "--format", "csv")).Ended(Success).Output;
        Assert.StartsWith("trial,on_front,genome,architecture,copying,", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pause_Resume_Stop_Delete_Search_GoesThroughItsStates()
    {
        (await cluster.RunAsync([.. ShippedSearch.Start(Long), "--name", "steered"])).Ended(Success);

        (await cluster.RunAsync("search", "pause", "steered")).Ended(Success);
        Assert.Equal("paused", await BecomesAsync("steered", "paused"));
        (await cluster.RunAsync("search", "resume", "steered")).Ended(Success);
        Assert.Equal("running", await cluster.StateAsync("steered"));
        (await cluster.RunAsync("search", "stop", "steered")).Ended(Success);
        Assert.Equal("stopped", await BecomesAsync("steered", "stopped"));
        (await cluster.RunAsync("search", "watch", "steered")).Ended(Unfinished);
        (await cluster.RunAsync("search", "resume", "steered")).Ended(Success);
        Assert.Equal("running", await BecomesAsync("steered", "running"));
        (await cluster.RunAsync("search", "delete", "steered")).Ended(Success);
        Assert.Null(await cluster.StateAsync("steered"));
        (await cluster.RunAsync("search", "front", "steered")).Refused(Failure, "There is no search 'steered'.");
    }

    [Fact]
    public async Task Start_NameOfADeletedSearch_BeginsAnew()
    {
        (await cluster.RunAsync([.. ShippedSearch.Start("seed=2"), "--name", "reused", "--watch"])).Ended(Success);
        (await cluster.RunAsync("search", "delete", "reused")).Ended(Success);

        (await cluster.RunAsync([.. ShippedSearch.Start(), "--name", "reused", "--watch"])).Ended(Success);

        EmbeddedSearch.AssertSame((await cluster.RunAsync("search", "front", "reused", "--format", "json")).Ended(Success).Output);
    }

    [Fact]
    public async Task Start_NameInUse_IsRefusedAndTheSearchGoesOn()
    {
        (await cluster.RunAsync([.. ShippedSearch.Start(), "--name", "taken", "--watch"])).Ended(Success);

        var second = (await cluster.RunAsync([.. ShippedSearch.Start("seed=2"), "--name", "taken"])).Ended(Failure);

        Assert.Equal("nasctl: There is a search 'taken' already.", second.ErrorLines[^1]);
        Assert.Equal("", second.Output);
        Assert.Equal("completed", await cluster.StateAsync("taken"));
        EmbeddedSearch.AssertSame((await cluster.RunAsync("search", "front", "taken", "--format", "json")).Ended(Success).Output);
    }

    [Fact]
    public async Task Start_UnknownSuperNetwork_IsRefused()
    {
        var result = await cluster.RunAsync("search", "start", "-f", ShippedSearch.File, "--super-network", "large-world", "--name", "unknown");

        result.Ended(Failure);
        Assert.Equal("nasctl: The cluster has no super-network 'large-world'; 'nasctl supernet upload' stores one.", result.ErrorLines[^1]);
        Assert.Null(await cluster.StateAsync("unknown"));
    }

    [Fact]
    public async Task Watch_Interrupted_LeavesTheSearchRunning()
    {
        (await cluster.RunAsync([.. ShippedSearch.Start(Long), "--name", "left-alone"])).Ended(Success);

        await using var watching = Nasctl.Start(["search", "watch", "left-alone", .. cluster.Connection]);
        await UntilAsync(() => Task.FromResult(watching.Errors.Length > 0));
        watching.AskToEnd();

        Assert.Equal(Unfinished, await watching.WaitAsync(Patience));
        Assert.Equal("running", await cluster.StateAsync("left-alone"));
        (await cluster.RunAsync("search", "delete", "left-alone")).Ended(Success);
    }

    [Fact]
    public async Task Evaluators_OneSilo_ListsItsProcessor()
    {
        var evaluators = JsonNode.Parse((await cluster.RunAsync("evaluators", "--format", "json")).Ended(Success).Output)!.AsArray();

        var evaluator = Assert.Single(evaluators)!;
        Assert.EndsWith("/cpu", (string)evaluator["evaluator"]!, StringComparison.Ordinal);
        Assert.Contains((string)evaluator["state"]!, (string[])["idle", "busy"]);
        Assert.Contains("evaluator", (await cluster.RunAsync("evaluators")).Ended(Success).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("stop")]
    [InlineData("delete")]
    [InlineData("front")]
    [InlineData("watch")]
    public async Task Command_UnknownSearch_IsRefused(string verb) =>
        (await cluster.RunAsync("search", verb, "nobody")).Refused(Failure, "There is no search 'nobody'.");

    [Fact]
    public async Task Command_NotThere_IsRefused() => (await cluster.RunAsync("search", "begin")).Refused(Usage, "nasctl --help");

    private async Task<string?> BecomesAsync(string search, string state)
    {
        await UntilAsync(async () => await cluster.StateAsync(search) == state);
        return await cluster.StateAsync(search);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await holds())
        {
            await Task.Delay(100, patience.Token);
        }
    }
}
