using System.Text.Json;
using NasCluster.Testing;

namespace NasCluster.Local.Tests;

public sealed class ScoreTests
{
    private const string Model = "models/stories260K/stories260K.bin";
    private const string Reference = "models/stories260K/reference.json";

    [SharedDataFact(Model, Reference)]
    public void Score_TextOfTheReference_AgreesTokenByToken()
    {
        using var reference = JsonDocument.Parse(File.ReadAllText(SharedData.PathOf(Reference)));
        var expected = Doubles(reference.RootElement.GetProperty("text1_token_ll"));
        var ids = Integers(reference.RootElement.GetProperty("text1_ids"));
        using var folder = new TemporaryDirectory();
        var text = folder.Write("text1.txt", reference.RootElement.GetProperty("text1").GetString()!);

        var result = Nas.Run("score", "--model", SharedData.PathOf(Model), "--text", text, "--format", "json");

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        using var score = JsonDocument.Parse(result.Output);
        var window = Assert.Single(score.RootElement.GetProperty("windows").EnumerateArray());
        Assert.Equal(ids, Integers(window.GetProperty("token_ids")));
        var likelihoods = Doubles(window.GetProperty("log_likelihoods"));
        Assert.Equal(expected.Length, likelihoods.Length);

        // The reference is computed in double precision; 3e-5 nats is what float32 through five layers may lose on one token.
        Assert.All(expected.Zip(likelihoods), p => Assert.InRange(p.Second, p.First - 3e-5, p.First + 3e-5));
        Assert.Equal(-1.1489828, score.RootElement.GetProperty("mean_log_likelihood").GetDouble(), 5e-6);
    }

    [SharedDataFact(Model, Reference)]
    public void Score_TokenIds_AgreesWithTheirText()
    {
        using var reference = JsonDocument.Parse(File.ReadAllText(SharedData.PathOf(Reference)));
        using var folder = new TemporaryDirectory();
        var ids = folder.Write("ids.txt", string.Join(' ', Integers(reference.RootElement.GetProperty("text1_ids"))));

        var result = Nas.Run("score", "--model", SharedData.PathOf(Model), "--ids", ids, "--format", "json");

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        using var score = JsonDocument.Parse(result.Output);
        Assert.Equal(-1.1489828, score.RootElement.GetProperty("mean_log_likelihood").GetDouble(), 5e-6);
        Assert.Equal(130, score.RootElement.GetProperty("scored_tokens").GetInt32());
    }

    [Fact]
    public void Score_Separator_ScoresEachDocumentAsIfAlone()
    {
        using var model = new SmallModel();
        using var folder = new TemporaryDirectory();
        string[] documents = ["The sky is blue.", "A cow eats grass all day."];

        var together = Score(string.Join("\n<|>\n", documents), "--separator", "<|>");

        Assert.Equal(documents.SelectMany(d => Score(d)), together);

        string[] Score(string text, params string[] more)
        {
            var result = Nas.Run(["score", "--model", model.ModelPath, "--text", folder.Write("t.txt", text), "--window", "16", "--format", "json", .. more]);
            Assert.Equal((0, ""), (result.ExitCode, result.Errors));
            using var score = JsonDocument.Parse(result.Output);
            return [.. score.RootElement.GetProperty("windows").EnumerateArray().Select(w => w.GetRawText())];
        }
    }

    [Fact]
    public void Score_SubNetwork_DiffersFromTheWholeAndNotBetweenVectorWidths()
    {
        using var model = new SmallModel();
        const string Architecture = """{"layers":[{"layer":0,"mlp_channels":17},{"layer":2,"kv_groups":1},{"layer":3}]}""";
        string[] arguments = ["score", "--model", model.ModelPath, "--text", model.TextPath, "--window", "64", "--format", "json"];

        var whole = Nas.Run(arguments);
        string[] parts = [.. new[] { "auto", "256", "128", "scalar" }
            .Select(v => Nas.Run([.. arguments, "--architecture", Architecture, "--vectors", v]))
            .Select(r => r.ExitCode == 0 ? r.Output : r.Errors)];

        Assert.Equal(0, whole.ExitCode);
        Assert.NotEqual(whole.Output, parts[0]);
        Assert.Single(parts.Distinct());
        Assert.Contains("\"mlp_channels\": 17", parts[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Score_HeadPairs_AreLeftOut()
    {
        using var model = new SmallModel();
        string[] arguments = ["score", "--model", model.ModelPath, "--text", model.TextPath, "--window", "64", "--format", "json"];
        var results = new[] { "", ""","head_pairs":[1]""", ""","head_pairs":1""" }
            .Select(pairs => Nas.Run([.. arguments, "--architecture", $$"""{"layers":[{"layer":0{{pairs}}},{"layer":3}]}"""]))
            .ToArray();

        Assert.All(results, r => Assert.Equal((0, ""), (r.ExitCode, r.Errors)));
        Assert.Equal(3, results.Select(r => MeanLogLikelihood(r.Output)).Distinct().Count());
        Assert.DoesNotContain("head_pairs", results[0].Output, StringComparison.Ordinal);
        Assert.Contains("\"head_pairs\": 1", results[2].Output, StringComparison.Ordinal);

        static double MeanLogLikelihood(string json)
        {
            using var score = JsonDocument.Parse(json);
            return score.RootElement.GetProperty("mean_log_likelihood").GetDouble();
        }
    }

    private static double[] Doubles(JsonElement list) => [.. list.EnumerateArray().Select(v => v.GetDouble())];

    private static int[] Integers(JsonElement list) => [.. list.EnumerateArray().Select(v => v.GetInt32())];
}
