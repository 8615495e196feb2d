using System.Text.Json.Nodes;
using NasCluster.Testing;

namespace NasCluster.Local.Tests;

/// <summary>Kills a pruning in every one of its stages, one after the other, and holds its end to that of a run that nothing disturbed.</summary>
public sealed class PruneKillTests
{
    private static readonly string[] Budget = ["--evaluations", "20", "--steps", "40"];

    [SharedDataFact(StoriesModel.Model, StoriesModel.Corpus)]
    public void Prune_KilledInEveryStage_EndsWithTheIdenticalNetwork()
    {
        using var model = new StoriesModel();
        var whole = Nas.Run(model.Prune("whole", "composition", "0.7", Budget));
        Assert.True(whole.ExitCode == 0, whole.Errors);

        var killed = new List<string>();
        (string Stage, Func<Nas, bool> IsReached)[] moments =
        [
            ("importance", nas => nas.ErrorsSoFar.Contains("measuring importance", StringComparison.Ordinal)),
            ("policy gradient", _ => RunRecords.OutcomesOf(model.At("cut/stages/policy-gradient")) > 5),
            ("policy gradient again", _ => RunRecords.OutcomesOf(model.At("cut/stages/policy-gradient")) > 40),
            ("search", _ => RunRecords.OutcomesOf(model.At("cut")) > 3),
            ("search again", _ => RunRecords.OutcomesOf(model.At("cut")) > 10),
            ("repair", _ => File.Exists(model.At("cut/front.json"))),
        ];
        foreach (var (stage, isReached) in moments)
        {
            using var nas = Start(model);
            nas.WaitUntil(() => isReached(nas));
            if (nas.Kill(TimeSpan.Zero))
            {
                killed.Add(stage);
            }
        }

        using var last = Start(model);
        var result = last.WaitForEnd();

        Assert.True(result.ExitCode == 0, result.Errors);

        // Each is a race, which the program may win now and then; the last it often does.
        Assert.True(killed.Count >= 4, $"Killed only in: {string.Join(", ", killed)}.");
        foreach (var file in (string[])["model/model.safetensors", "model/config.json", "front.csv"])
        {
            Assert.Equal(File.ReadAllBytes(model.At($"whole/{file}")), File.ReadAllBytes(model.At($"cut/{file}")));
        }

        Assert.Equal(Record(model.At("whole/stages/importance.json")), Record(model.At("cut/stages/importance.json")));
        Assert.Equal(Record(model.At("whole/stages/scores.json")), Record(model.At("cut/stages/scores.json")));
        Assert.Equal(Record(model.At("whole/stages/pruned.json")), Record(model.At("cut/stages/pruned.json")));
        Assert.Equal(
            ["config.json", "model.safetensors", "tokenizer.model"],
            Directory.EnumerateFiles(model.At("cut/model")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }

    private static Nas Start(StoriesModel model) =>
        File.Exists(model.At("cut/run.db")) ? Nas.Start("resume", model.At("cut")) : Nas.Start(model.Prune("cut", "composition", "0.7", Budget));

    /// <summary>A record without the time it took.</summary>
    private static string Record(string file)
    {
        var record = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        Assert.True(record.Remove("seconds") || record["provenance"]!.AsObject().Remove("seconds"));
        return record.ToJsonString();
    }
}
