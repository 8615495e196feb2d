using System.Text.Json.Nodes;
using NasCluster.Testing;

namespace NasCluster.Local.Tests;

/// <summary>Prunes a trained model for real, with each method, and looks at what lies in the directory then.</summary>
public sealed class PruneTests
{
    [SharedDataTheory(StoriesModel.Model, StoriesModel.Corpus)]
    [InlineData("importance", "exact", 0.8)]
    [InlineData("mask-evolution", "admm", 0.7, "--evaluations", "6")]
    [InlineData("policy-gradient", "none", 0.8, "--steps", "6")]
    [InlineData("linas", "exact", 0.6, "--evaluations", "12", "--set", "algorithm.population=6")]
    [InlineData("composition", "exact", 0.7, "--evaluations", "6", "--steps", "6")]
    public void Prune_EachMethod_WritesAModelThatScoresAsRecorded(string method, string repair, double keep, params string[] more)
    {
        using var model = new StoriesModel();

        var result = Nas.Run(model.Prune("run", method, FormattableString.Invariant($"{keep}"), ["--repair", repair, .. more]));

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.EndsWith($"Written: {model.At("run/model")}\n", result.Output, StringComparison.Ordinal);
        var record = JsonNode.Parse(File.ReadAllText(model.At("run/stages/pruned.json")))!;
        var networks = record["networks"]!.AsArray();
        Assert.Equal(repair == "none" ? ["whole", "cut"] : ["whole", "cut", "repaired"], networks.Select(n => (string)n!["name"]!));
        Assert.InRange((double)networks[^1]!["block_parameters"]! / (double)networks[0]!["block_parameters"]!, keep - (method == "linas" ? 0.1 : 0.011), keep);

        var score = Nas.Run("score", "--model", model.At("run/model"), "--text", model.ReportPart(), "--window", "64", "--format", "json");
        Assert.True(score.ExitCode == 0, score.Errors);
        Assert.Equal((double)networks[^1]!["report"]!["perplexity"]![0]!, (double)JsonNode.Parse(score.Output)!["perplexity"]!);

        if (method == "importance")
        {
            // Another time nothing is left to do; the same whatever the method.
            var before = FolderState.Of(model.At("run/model"));
            Assert.Equal(0, Nas.Run("resume", model.At("run")).ExitCode);
            Assert.Equal(before, FolderState.Of(model.At("run/model")));
        }
    }

    [SharedDataFact(StoriesModel.Model, StoriesModel.Corpus)]
    public void Search_TheKeysOfAPruning_DoesTheSame()
    {
        using var model = new StoriesModel();
        string[] budget = ["--evaluations", "6", "--steps", "4", "--repair", "exact"];
        var prune = Nas.Run(model.Prune("prune", "composition", "0.75", budget));
        Assert.True(prune.ExitCode == 0, prune.Errors);
        var lines = new Dictionary<string, string>(StoriesModel.Keys.Select(k => KeyValuePair.Create(k.Key, k.Value)))
        {
            ["model"] = StoriesModel.ModelPath,
            ["tokenizer"] = StoriesModel.TokenizerPath,
            ["data.text"] = model.TextPath,
            ["space.kind"] = "masks",
            ["space.attention"] = "groups",
            ["objectives"] = "[perplexity]",
            ["algorithm.name"] = "mask_evolution",
            ["budget.evaluations"] = "6",
            ["pruning.keep"] = "0.75",
            ["pruning.importance"] = "wifv",
            ["pruning.spread"] = "global",
            ["pruning.score"] = "repaired",
            ["pruning.repair"] = "exact",
            ["pruning.policy_gradient.steps"] = "4",
        };
        var file = model.Write("search.yaml", Yaml(lines));

        var search = Nas.Run("search", file, "--out", model.At("search"), "--workers", "1", "--vectors", "scalar");

        Assert.True(search.ExitCode == 0, search.Errors);
        foreach (var result in (string[])["model/model.safetensors", "model/config.json", "front.csv"])
        {
            Assert.Equal(File.ReadAllBytes(model.At($"prune/{result}")), File.ReadAllBytes(model.At($"search/{result}")));
        }
    }

    /// <summary>What lies where the network or the stages are to go is another run's, and must be neither taken for this one's nor overwritten.</summary>
    [SharedDataTheory(StoriesModel.Model, StoriesModel.Corpus)]
    [InlineData("model")]
    [InlineData("stages")]
    public void Prune_DirectoryHoldsAnothersResults_IsRefusedAndTouchesNothing(string name)
    {
        using var model = new StoriesModel();
        Directory.CreateDirectory(model.At($"run/{name}"));
        File.WriteAllText(model.At($"run/{name}/config.json"), "another's");
        var before = FolderState.Of(model.At("run"));

        Refusal.AssertOneLine(Nas.Run(model.Prune("run", "importance", "0.8")), Refusal.Failure, model.At($"run/{name}"), "already there");
        Assert.Equal(before, FolderState.Of(model.At("run")));
    }

    private static string Yaml(Dictionary<string, string> keys)
    {
        var lines = new List<string>();
        foreach (var top in keys.GroupBy(k => k.Key.Split('.')[0]))
        {
            if (top.Count() == 1 && !top.Single().Key.Contains('.', StringComparison.Ordinal))
            {
                lines.Add($"{top.Key}: {top.Single().Value}");
                continue;
            }

            lines.Add($"{top.Key}:");
            lines.AddRange(top.Where(k => k.Key.Count(c => c == '.') == 1).Select(k => $"  {k.Key.Split('.')[1]}: {Quoted(k.Value)}"));
            foreach (var below in top.Where(k => k.Key.Count(c => c == '.') == 2).GroupBy(k => k.Key.Split('.')[1]))
            {
                lines.Add($"  {below.Key}:");
                lines.AddRange(below.Select(k => $"    {k.Key.Split('.')[2]}: {k.Value}"));
            }
        }

        return string.Join('\n', lines) + "\n";

        static string Quoted(string value) => value.StartsWith('<') ? $"\"{value}\"" : value;
    }
}
