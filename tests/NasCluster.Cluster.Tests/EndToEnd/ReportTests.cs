using System.Text.Json.Nodes;
using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Testing;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>A front with its values on the report part of the data.</summary>
[Collection(OneSiloCollection.Name)]
public sealed class ReportTests(OneSilo cluster)
{
    private const int Failure = 1;

    /// <summary>The report part is 50 times the search part here, so that it is still being scored when the search has ended.</summary>
    [Fact]
    public async Task Report_SearchThatHasJustEnded_WaitsForEveryValueAndLeavesFiles()
    {
        using var directory = new TemporaryDirectory();
        var into = directory.At("new/out");
        (await cluster.RunAsync([.. ShippedSearch.Start("seed=31"), "--name", "reported"])).Ended(0);
        while (await cluster.StateAsync("reported") != "completed")
        {
            await Task.Delay(50);
        }

        var report = (await cluster.RunAsync("search", "report", "reported", "--format", "json", "--out", into)).Ended(0);

        var front = JsonNode.Parse(report.Output)!["front"]!.AsArray();
        Assert.NotEmpty(front);
        Assert.All(front, row => Assert.NotNull(row!["report_values"]?["copying"]));
        Assert.Contains(front, row => (double)row!["report_values"]!["copying"]!["value"]! != (double)row["values"]!["copying"]!["value"]!);
        Assert.Equal(["front.csv", "front.json", "front.svg"], Directory.GetFiles(into).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(report.Output.TrimEnd(), (await File.ReadAllTextAsync(Path.Combine(into, "front.json"))).TrimEnd());
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(Path.Combine(into, "front.svg")), StringComparison.Ordinal);
        Assert.Contains("report_copying", await File.ReadAllTextAsync(Path.Combine(into, "front.csv")), StringComparison.Ordinal);

        var table = (await cluster.RunAsync("search", "report", "reported", "--out", into)).Ended(0).Output;
        Assert.Contains("report set", table, StringComparison.Ordinal);
        Assert.Contains($"Written: {Path.Combine(into, "front.svg")}", table, StringComparison.Ordinal);
        Assert.StartsWith("trial,on_front,", (await cluster.RunAsync("search", "report", "reported", "--format", "csv")).Ended(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_SearchThatSeesAllData_SaysThatNothingIsKeptApart()
    {
        (await cluster.RunAsync([.. ShippedSearch.Start("data.search_share=1", "budget.evaluations=2", "algorithm.population=2"), "--name", "all-seen", "--watch"])).Ended(0);

        (await cluster.RunAsync("search", "report", "all-seen")).Refused(Failure, "all-seen keeps nothing apart to report on");
    }

    [Fact]
    public async Task Report_SearchThatGoesOn_IsRefused()
    {
        (await cluster.RunAsync([.. ShippedSearch.Start("budget.evaluations=100000"), "--name", "unreported"])).Ended(0);

        (await cluster.RunAsync("search", "report", "unreported")).Refused(Failure, "unreported is running; its front is scored on the report part once it has completed.");
        (await cluster.RunAsync("search", "delete", "unreported")).Ended(0);
    }

    [Fact]
    public async Task Report_OutIsAFile_IsRefused()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.At("taken"), "kept");
        (await cluster.RunAsync([.. ShippedSearch.Start(), "--name", "in-the-way", "--watch"])).Ended(0);

        (await cluster.RunAsync("search", "report", "in-the-way", "--out", directory.At("taken"))).Refused(Failure, $"--out is '{directory.At("taken")}'");
        Assert.Equal("kept", await File.ReadAllTextAsync(directory.At("taken")));
    }

    [Fact]
    public async Task Report_UnknownSearch_IsRefused() =>
        (await cluster.RunAsync("search", "report", "nobody")).Refused(Failure, "There is no search 'nobody'.");
}
