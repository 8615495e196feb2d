using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
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

    /// <summary>A search with every stage there is, as short as it can be.</summary>
    /// <param name="steps">Steps of its policy gradient; 300 take some seconds.</param>
    public static StagedSearch Composition(int steps) => new(
        "space: {kind: masks, attention: groups}",
        "objectives: [perplexity]",
        "algorithm: {name: mask_evolution, population: 6}",
        FormattableString.Invariant(
            $"pruning: {{keep: 0.8, importance: wifv, spread: global, sequences: 24, policy_gradient: {{steps: {steps}, window: 32, batch: 4}}, score: repaired, repair: exact}}"),
        "budget: {evaluations: 10}");

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

    /// <summary>Has <c>nas</c> make the network that the search has ended with elsewhere.</summary>
    /// <param name="stages">What <c>nasctl search stages</c> says, as JSON.</param>
    /// <returns>Its weights.</returns>
    public async Task<byte[]> ExtractAsync(string stages)
    {
        var (file, model) = (_directory.At("stages.json"), _directory.At("extracted"));
        System.IO.File.WriteAllText(file, stages);
        await using var nas = ChildProcess.StartDotnet("NasCluster.Local", "nas.dll", ["extract", File, "--stages", file, "--out", model]);
        Assert.True(await nas.WaitAsync(Patience) == 0, $"{nas.Output}\n{nas.Errors}");
        return System.IO.File.ReadAllBytes(Path.Combine(model, "model.safetensors"));
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

    /// <summary>Fails unless stages are those of a run: the scores they have left, byte for byte, and what they say of the network cut out.</summary>
    /// <param name="run">The run's directory.</param>
    /// <param name="stages">What <c>nasctl search stages</c> says, as JSON.</param>
    /// <param name="names">The stages there must be.</param>
    public static void AssertSameStages(string run, string stages, params string[] names)
    {
        var records = JsonNode.Parse(stages)!.AsArray();
        Assert.Equal(names, records.Select(r => (string)r!["stage"]!));
        Assert.Equal(HashOfScores(run), (string?)records.Last(r => r!["content"] is not null)!["content"]);
        if (names[^1] == "pruned")
        {
            Assert.Equal(Timeless(JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(run, "stages", "pruned.json")))!), Timeless(records[^1]!["record"]!));
        }
    }

    public void Dispose() => _directory.Dispose();

    private static string HashOfScores(string run)
    {
        using var file = JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(run, "stages", "scores.json")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.RootElement.GetProperty("scores").GetRawText())));
    }

    private static string Timeless(JsonNode record)
    {
        var copy = record.DeepClone().AsObject();
        Assert.True(copy.Remove("seconds"));
        return copy.ToJsonString();
    }
}
