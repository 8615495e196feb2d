using System.Text.Json;
using NasCluster.Embedded.Storage;

namespace NasCluster.Local.Tests;

public sealed class SearchTests : IDisposable
{
    private readonly SmallModel _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Search_ToItsEnd_LeavesTheFrontInEveryForm()
    {
        var result = Nas.Run(_model.Search("run", 25));

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("25 of 25 evaluations", result.Output, StringComparison.Ordinal);
        Assert.Contains("perplexity, report set", result.Output, StringComparison.Ordinal);
        Assert.Contains("finished", result.Errors, StringComparison.Ordinal);
        Assert.All(["front.json", "front.csv", "front.svg", "run.db"], f => Assert.True(File.Exists(_model.At($"run/{f}")), f));
        using var json = JsonDocument.Parse(File.ReadAllText(_model.At("run/front.json")));
        Assert.Equal(25, json.RootElement.GetProperty("evaluations").GetInt64());
        var table = Nas.Run("front", _model.At("run"));
        Assert.Equal(result.Output[..table.Output.Length], table.Output);
        Assert.Equal(File.ReadAllText(_model.At("run/front.csv")).ReplaceLineEndings("\n"), Nas.Run("front", _model.At("run"), "--format", "csv").Output);
    }

    [Fact]
    public void Search_WorkersBatchesAndVectorWidths_GiveTheSameFrontByteForByte()
    {
        string[][] ways =
        [
            ["--workers", "1"], ["--workers", "2"], ["--workers", "4"], ["--workers", "3", "--batch", "4"],
            ["--workers", "2", "--vectors", "256"], ["--workers", "2", "--vectors", "128"], ["--workers", "2", "--vectors", "scalar"],
        ];

        string[] fronts = [.. ways.Select((way, i) =>
        {
            var result = Nas.Run(_model.Search($"run{i}", 40, way));
            Assert.True(result.ExitCode == 0, result.Errors);
            return File.ReadAllText(_model.At($"run{i}/front.csv"));
        })];

        Assert.True(fronts[0].Split('\n').Length > 3, fronts[0]);
        Assert.All(fronts, front => Assert.Equal(fronts[0], front));
    }

    [Fact]
    public void Search_AnotherSeed_GoesAnotherWay()
    {
        Assert.Equal(0, Nas.Run(_model.Search("one", 25, "--seed", "1")).ExitCode);
        Assert.Equal(0, Nas.Run(_model.Search("two", 25, "--seed", "2")).ExitCode);

        Assert.NotEqual(Trials("one"), Trials("two"));
    }

    [Fact]
    public void Search_InterruptedAndResumed_EndsAsIfNothingHappened()
    {
        Assert.Equal(0, Nas.Run(_model.Search("whole", 200)).ExitCode);
        using var search = Nas.Start(_model.Search("cut", 200, "--vectors", "scalar", "--workers", "1"));
        search.WaitUntil(() => RunRecords.OutcomesOf(_model.At("cut")) >= 10);
        search.Interrupt();
        var stopped = search.WaitForEnd();
        var half = File.ReadAllText(_model.At("cut/front.csv"));
        using var halfJson = JsonDocument.Parse(File.ReadAllText(_model.At("cut/front.json")));
        var halfPicture = File.ReadAllText(_model.At("cut/front.svg"));
        var resumed = Nas.Run("resume", _model.At("cut"));

        Assert.Equal(3, stopped.ExitCode);
        Assert.Contains($"nas resume {_model.At("cut")}", stopped.Errors, StringComparison.Ordinal);
        var evaluations = halfJson.RootElement.GetProperty("evaluations").GetInt64();
        Assert.InRange(evaluations, 10, 199);
        Assert.Contains($"{evaluations} of 200 evaluations", stopped.Output, StringComparison.Ordinal);
        Assert.Contains($"{evaluations} of 200 evaluations", halfPicture, StringComparison.Ordinal);
        Assert.Equal(halfJson.RootElement.GetProperty("front").GetArrayLength() + 1, half.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal(File.ReadAllText(_model.At("whole/front.csv")), File.ReadAllText(_model.At("cut/front.csv")));
    }

    [Fact]
    public void Search_SecondProcessOnOneDirectory_IsRefused()
    {
        using var first = Nas.Start(_model.Search("run", 2000, "--vectors", "scalar", "--set", "data.search_tokens=all"));
        first.WaitUntil(() => RunRecords.OutcomesOf(_model.At("run")) >= 1);

        var second = Nas.Run("resume", _model.At("run"));

        Assert.Equal(1, second.ExitCode);
        Assert.Contains(_model.At("run"), Assert.Single(second.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("in use", second.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_FromAFile_TakesItsPathsFromWhereTheFileLies()
    {
        Directory.CreateDirectory(_model.At("elsewhere"));
        File.WriteAllText(_model.At("search.yaml"), """
            model: model            # beside this file
            data:
              text: text.txt
              window: 64
              search_tokens: 500
            space:
              depth: [2, 4]
              mlp: [12, 24, 48]
              layer_order: [0, 3, 1, 2]
            algorithm: {name: random}
            budget: {evaluations: 12}
            """);

        var result = Nas.RunIn(_model.At("elsewhere"), "search", "../search.yaml", "--out", "run", "--seed", "5", "--format", "json");

        Assert.True(result.ExitCode == 0, result.Errors);
        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal(12, json.RootElement.GetProperty("evaluations").GetInt64());
        Assert.Equal(5, json.RootElement.GetProperty("seed").GetInt64());
        Assert.All(result.ErrorLines, line => JsonDocument.Parse(line).Dispose());
    }

    [Fact]
    public void Search_ForMeasuredSpeed_ReportsScoresOfTheReportSetOnly()
    {
        var result = Nas.Run(_model.Search("run", 12, "--set", "objectives=[perplexity, latency_ms]", "--set", "measurement.repeats=3"));

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("perplexity, report set", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("latency, report set", result.Output, StringComparison.Ordinal);
        using var reader = RunReader.Open(_model.At("run"));
        var ofSearch = reader.ReadOutcomes().ToDictionary(o => o.Trial.Id, o => o.Outcome.Values);
        Assert.NotEmpty(reader.ReadReportValues());
        Assert.All(reader.ReadReportValues(), v => Assert.Equal((true, false), (ofSearch[v.Key][1] == v.Value[1], ofSearch[v.Key][0] == v.Value[0])));
    }

    [Fact]
    public void Search_SpaceSmallerThanTheBudget_EvaluatesItAllAndSaysSo()
    {
        // Depth 2 with three widths: 9 sub-networks.
        var result = Nas.Run(
            "search", "--model", _model.ModelPath, "--text", _model.TextPath, "--out", _model.At("run"), "--evaluations", "50",
            "--set", "space.depth=[2]", "--set", "space.mlp=[12, 24, 48]", "--set", "data.window=64", "--set", "data.search_tokens=500");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("9 of 9 evaluations", result.Output, StringComparison.Ordinal);
        Assert.Contains("9 sub-networks, fewer than the 50 evaluations", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_WithACache_ComputesNothingTwice()
    {
        Assert.Equal(0, Nas.Run(_model.Search("first", 40, "--cache", _model.At("cache.db"))).ExitCode);
        Assert.Equal(0, Nas.Run(_model.Search("second", 40, "--cache", _model.At("cache.db"))).ExitCode);

        using var reader = RunReader.Open(_model.At("second"));
        Assert.Empty(reader.ReadStarts());
        Assert.Equal(File.ReadAllText(_model.At("first/front.csv")), File.ReadAllText(_model.At("second/front.csv")));
    }

    [Fact]
    public void Resume_DataChangedSince_IsRefusedAndSaysWhat()
    {
        Assert.Equal(0, Nas.Run(_model.Search("run", 12)).ExitCode);
        File.WriteAllText(_model.TextPath, File.ReadAllText(_model.TextPath).Replace('e', 'a'));

        var result = Nas.Run("resume", _model.At("run"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("data.search.text.fingerprint", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    private string Trials(string run)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(_model.At($"{run}/front.json")));
        return string.Join(' ', json.RootElement.GetProperty("others").EnumerateArray().Select(t => t.GetProperty("genome").GetString()));
    }
}
