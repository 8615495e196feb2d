using System.Text.Json;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Tokenizers;
using NasCluster.SmallWorld;
using NasCluster.Testing;

namespace NasCluster.Local.Tests;

/// <summary>The super-network that comes along is what its README says, and <c>nas search</c> finds it with no arguments.</summary>
public sealed class ShippedSuperNetworkTests : IDisposable
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Models", "small-world");
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Tasks_AreThoseTheGeneratorWrites()
    {
        var files = Directory.GetFiles(Path.Combine(Folder, "tasks"));
        Assert.NotEmpty(files);
        SmallWorldFiles.WriteTasks(_directory.Root, 1, [.. files.Select(f => Path.GetFileNameWithoutExtension(f)!)], 2400);
        Assert.All(files, f => Assert.Equal(File.ReadAllText(_directory.At(Path.GetFileName(f))), File.ReadAllText(f)));
    }

    [Fact]
    public void Model_IsSmallAndSixteenBit()
    {
        using var model = LlamaCheckpoints.Open(Folder);
        var tokenizer = TokenizerFiles.Open(Folder, null, model.Configuration.VocabularySize);
        Assert.Equal(512, tokenizer.VocabularySize);
        Assert.Equal((8, 192), (model.Configuration.Layers.Length, model.Configuration.HiddenSize));
        Assert.InRange(new FileInfo(Path.Combine(Folder, "model.safetensors")).Length, 1, 10_000_000);
        Assert.Equal("float16", JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "config.json"))).RootElement.GetProperty("torch_dtype").GetString());
    }

    [Fact]
    public void Search_NoArguments_SearchesItOnTwoTasksAndReportsEachFront()
    {
        var result = Nas.RunIn(_directory.Root, "search", "--evaluations", "4");

        Assert.True(result.ExitCode == 0, result.Errors);
        using var json = JsonDocument.Parse(File.ReadAllText(_directory.At("runs/1/front.json")));
        var objectives = json.RootElement.GetProperty("objectives").EnumerateArray().Select(o => o.GetProperty("name").GetString()!).ToArray();
        Assert.Equal(3, objectives.Length);
        Assert.Equal("parameters", objectives[2]);
        Assert.All(objectives[..2], name => Assert.Contains($"{name} (higher is better)", result.Output, StringComparison.Ordinal));

        // The whole network knows its world, and chance is a quarter.
        var whole = json.RootElement.GetProperty("baseline").GetProperty("report_values");
        Assert.All(objectives[..2], name => Assert.InRange(whole.GetProperty(name).GetProperty("value").GetDouble(), 0.5, 1));
        Assert.Equal(0, Nas.RunIn(_directory.Root, "search", "--evaluations", "2").ExitCode);
        Assert.True(Directory.Exists(_directory.At("runs/2")));
    }
}
