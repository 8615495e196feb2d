using System.Text.Json.Nodes;
using NasCluster.Testing;

namespace NasCluster.Local.Tests;

/// <summary>Makes a network anew from what a cluster would have recorded of it.</summary>
public sealed class ExtractTests
{
    [SharedDataFact(StoriesModel.Model, StoriesModel.Corpus)]
    public void Extract_WhatASearchRecorded_WritesTheNetworkOfTheSearch()
    {
        using var model = new StoriesModel();
        var file = Searched(model);
        var stages = model.Write("stages.json", Stages(model, _ => { }));

        var extracted = Nas.Run("extract", file, "--stages", stages, "--out", model.At("extracted"));

        Assert.True(extracted.ExitCode == 0, extracted.Errors);
        Assert.StartsWith("whole ", extracted.Output, StringComparison.Ordinal);
        Assert.EndsWith($"Written: {model.At("extracted")}\n", extracted.Output, StringComparison.Ordinal);
        Assert.Equal(FolderState.Of(model.At("run/model")), FolderState.Of(model.At("extracted")));
        Refusal.AssertOneLine(Nas.Run("extract", file, "--stages", stages, "--out", model.At("extracted")), Refusal.Failure, "is already there");
        Refusal.AssertOneLine(
            Nas.Run("extract", file, "--set", "pruning.sequences=21", "--stages", stages, "--out", model.At("another")), Refusal.Failure, stages, "is not the one recorded");
        var changed = model.Write("changed.json", Stages(model, record => record["networks"]![0]!["search"]!["perplexity"]![0] = 5.0));
        Refusal.AssertOneLine(Nas.Run("extract", file, "--stages", changed, "--out", model.At("another")), Refusal.Failure, changed, "networks differs");
        var broken = model.Write("broken.json", Stages(model, record => record["architecture"]!["layers"]![0]!["layer"] = 99));
        Refusal.AssertOneLine(Nas.Run("extract", file, "--stages", broken, "--out", model.At("another")), Refusal.Failure, broken);
        Assert.False(Path.Exists(model.At("another")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[1, null]")]
    [InlineData("""[{"stage": 7}]""")]
    [InlineData("""[{"stage": "importance", "content": null, "record": {}}]""")]
    [InlineData("""[{"stage": "pruned", "record": {"trial": "x"}}]""")]
    [InlineData("""[{"stage": "pruned", "record": {"trial": 1}}]""")]
    public void Extract_StagesThatAreNone_AreRefusedInOneLine(string text)
    {
        using var folder = new TemporaryDirectory();
        var stages = folder.Write("stages.json", text);

        Refusal.AssertOneLine(Nas.Run("extract", folder.At("search.yaml"), "--stages", stages, "--out", folder.At("out")), Refusal.Failure, stages, "nasctl search stages");
    }

    private static string Searched(StoriesModel model)
    {
        var file = model.Write("search.yaml", $$"""
            model: {{StoriesModel.ModelPath}}
            tokenizer: {{StoriesModel.TokenizerPath}}
            data: {text: {{model.TextPath}}, separator: "<|endoftext|>", window: 64, search_tokens: 512, search_share: 0.8, calibration_share: 0.4}
            space: {kind: masks, attention: groups}
            objectives: [perplexity]
            algorithm: {name: mask_evolution, population: 4}
            pruning: {keep: 0.75, importance: wifv, sequences: 20, repair: exact}
            budget: {evaluations: 4}
            """);
        var search = Nas.Run("search", file, "--out", model.At("run"), "--workers", "1");
        Assert.True(search.ExitCode == 0, search.Errors);
        return file;
    }

    /// <summary>What nasctl would say.</summary>
    private static string Stages(StoriesModel model, Action<JsonNode> change)
    {
        var record = JsonNode.Parse(File.ReadAllText(model.At("run/stages/pruned.json")))!;
        change(record);
        return new JsonArray(
            new JsonObject { ["stage"] = "importance", ["content"] = new string('a', 64), ["record"] = new JsonObject() },
            new JsonObject { ["stage"] = "pruned", ["content"] = null, ["record"] = record }).ToJsonString();
    }
}
