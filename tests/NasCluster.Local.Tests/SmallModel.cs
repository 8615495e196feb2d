using System.Globalization;
using System.Text;
using NasCluster.Llama.Checkpoints;
using NasCluster.Testing;

namespace NasCluster.Local.Tests;

/// <summary>A directory with a small untrained LLaMA, its tokenizer, and a text: enough to run every command for real.</summary>
public sealed class SmallModel : IDisposable
{
    public SmallModel()
    {
        Root = Directory.CreateTempSubdirectory("nas-test-").FullName;
        ModelPath = At("model");
        var tokenizer = ModelFile.Usual();
        foreach (var letter in "▁abcdefghijklmnopqrstuvwxyz.")
        {
            tokenizer.Piece($"{letter}", -tokenizer.Count);
        }

        tokenizer.Trainer().Normalizer();
        var configuration = RandomCheckpoint.Configuration(
            layers: 4, hidden: 32, headSize: 8, kvHeads: 2, queryHeadsPerKvHead: 2, intermediate: 48, vocabulary: tokenizer.Count);
        using var checkpoint = RandomCheckpoint.Make(configuration, seed: 7);
        HuggingFaceDirectory.Write(checkpoint, ModelPath);
        File.WriteAllBytes(Path.Combine(ModelPath, "tokenizer.model"), tokenizer.Bytes());

        TextPath = At("text.txt");
        var random = new Random(3);
        var text = new StringBuilder();
        for (var line = 0; line < 200; line++)
        {
            text.AppendJoin(' ', Enumerable.Range(0, 8).Select(_ => new string([.. Enumerable.Range(0, random.Next(2, 8)).Select(_ => (char)('a' + random.Next(26)))])));
            text.Append(".\n");
        }

        File.WriteAllText(TextPath, text.ToString());
    }

    /// <summary>The temporary directory that holds everything.</summary>
    public string Root { get; }

    /// <summary>A Hugging Face directory with its tokenizer.</summary>
    public string ModelPath { get; }

    /// <summary>A text of some thousand tokens.</summary>
    public string TextPath { get; }

    /// <summary>A path inside the temporary directory.</summary>
    public string At(string name) => Path.Combine(Root, name);

    /// <summary>A search of this model, with whatever else is given.</summary>
    public string[] Search(string output, int evaluations, params string[] more) =>
    [
        "search", "--model", ModelPath, "--text", TextPath, "--out", At(output), "--evaluations", evaluations.ToString(CultureInfo.InvariantCulture),
        "--set", "data.window=64", "--set", "data.search_tokens=1000", "--set", "data.report_tokens=500", "--set", "algorithm.population=10",
        "--set", "space.depth=[2, 3, 4]", "--set", "space.mlp=[0.25, 0.5, 0.75, 1.0]", .. more,
    ];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
