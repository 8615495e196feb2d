using System.Text.Json;
using NasCluster.Llama.Checkpoints;
using NasCluster.Local.Commands;
using NasCluster.Testing;

namespace NasCluster.Local.Tests;

public sealed class InspectTests
{
    [Fact]
    public void Lines_NoLists_SaysAll() => Assert.Equal(["all"], LayerChoices.Lines([]));

    [Fact]
    public void Lines_EqualLists_AreOneLine() => Assert.Equal(["24, 48"], LayerChoices.Lines([[24, 48], [24, 48], [24, 48]]));

    [Fact]
    public void Lines_UnequalLists_NameTheLayersOfEach() =>
        Assert.Equal(
            ["layers 0-2, 5, 8-9: 24, 48", "layers 3-4: 12", "layer 6: 0, 12", "layer 7: 48"],
            LayerChoices.Lines([[24, 48], [24, 48], [24, 48], [12], [12], [24, 48], [0, 12], [48], [24, 48], [24, 48]]));

    [Fact]
    public void Inspect_LayersOfUnequalWidth_ShowsWhatEachChoosesFrom()
    {
        var root = Directory.CreateTempSubdirectory("nas-test-").FullName;
        try
        {
            var model = Path.Combine(root, "model");
            var equal = RandomCheckpoint.Configuration(layers: 4, hidden: 32, headSize: 8, kvHeads: 2, queryHeadsPerKvHead: 2, intermediate: 48, vocabulary: 40);
            using (var checkpoint = RandomCheckpoint.Make(equal with { Layers = [new(2, 48), new(2, 24), new(2, 48), new(2, 48)] }, seed: 7))
            {
                HuggingFaceDirectory.Write(checkpoint, model);
            }

            string[] arguments = ["inspect", "--model", model, "--set", "space.depth=[3,4]", "--set", "space.mlp=[0.5,1.0]", "--set", "space.kv_groups=[1]"];
            var text = Nas.Run(arguments);
            var json = Nas.Run([.. arguments, "--format", "json"]);

            Assert.True(text.ExitCode == 0, text.Errors);
            Assert.Contains("\n  MLP channels  layers 0, 2-3: 24, 48\n                layer 1: 12, 24\n  KV groups     1\n", text.Output, StringComparison.Ordinal);
            Assert.Contains("24 sub-networks (5 genes)", text.Output, StringComparison.Ordinal);
            using var parsed = JsonDocument.Parse(json.Output);
            var space = parsed.RootElement.GetProperty("space");
            Assert.Equal("[[24,48],[12,24],[24,48],[24,48]]", Compact(space.GetProperty("mlp")));
            Assert.Equal("[[1],[1],[1],[1]]", Compact(space.GetProperty("kv_groups")));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);
}
