using System.Text.Json.Nodes;
using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Testing;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>A short search with stages over the shipped super-network and a text, and what <c>nas</c> makes of it.</summary>
internal sealed class StagedSearch : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TemporaryDirectory _directory = new();

    /// <param name="keys">Lines of search.yaml below model, data and objectives.</param>
    public StagedSearch(params string[] keys)
    {
        System.IO.File.WriteAllLines(
            _directory.At("text.txt"), Enumerable.Range(0, 200).Select(i => $"Anna saw {i * 7919 % 200} birds, and then she went home with the {(i % 3 == 0 ? "red" : "blue")} ball."));
        System.IO.File.WriteAllLines(File, [
            $"model: {Path.Combine(ShippedSearch.Models, "small-world")}",
            "data: {text: text.txt, calibration_share: 0.4, window: 64, search_tokens: 500, report_tokens: 500}",
            "seed: 1",
            .. keys]);
    }

    /// <summary>The masks of arXiv 2409.17372 with every stage there is, as short as it can be.</summary>
    public static string[] Composition { get; } =
    [
        "space: {kind: masks, attention: groups}",
        "objectives: [perplexity]",
        "algorithm: {name: mask_evolution, population: 6}",
        "pruning: {keep: 0.8, importance: wifv, spread: global, sequences: 24, policy_gradient: {steps: 4, window: 32, batch: 4}, score: repaired, repair: exact}",
        "budget: {evaluations: 10}",
    ];

    /// <summary>The search.</summary>
    public string File => _directory.At("search.yaml");

    /// <summary>Runs it with <c>nas</c>.</summary>
    /// <returns>The run's directory.</returns>
    public async Task<string> RunLocallyAsync()
    {
        var run = _directory.At("run");
        await using var nas = ChildProcess.StartDotnet("NasCluster.Local", "nas.dll", ["search", File, "--out", run, "--workers", "1"]);
        Assert.True(await nas.WaitAsync(Patience) == 0, $"{nas.Output}\n{nas.Errors}");
        return run;
    }

    /// <summary>Arguments of <c>nasctl</c> that start it.</summary>
    public string[] Start(string name) => ["search", "start", "-f", File, "--super-network", "small-world", "--name", name];

    /// <summary>Fails unless a front is that of a run: every trial, genome, architecture and value on either part of the data.</summary>
    public static void AssertSame(string run, string front)
    {
        var (expected, found) = (JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(run, "front.json")))!.AsObject(), JsonNode.Parse(front)!.AsObject());
        Assert.NotEmpty(expected["front"]!.AsArray());
        foreach (var key in (string[])["seed", "budget", "evaluations", "objectives", "hypervolume", "reference_point", "hypervolume_history", "front", "others"])
        {
            Assert.Equal((key, expected[key]?.ToJsonString()), (key, found[key]?.ToJsonString()));
        }
    }

    public void Dispose() => _directory.Dispose();
}
