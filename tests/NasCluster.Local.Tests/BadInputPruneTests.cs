namespace NasCluster.Local.Tests;

/// <summary>Prunings that cannot be: one line each, which says what and why.</summary>
public sealed class BadInputPruneTests : IDisposable
{
    private static readonly Dictionary<string, (string[] Given, string[] Says)> Table = new()
    {
        ["keep of nothing"] = (["--keep", "0"], ["--keep", "pruning.keep is 0"]),
        ["keep of more than all"] = (["--keep", "1.5"], ["--keep", "pruning.keep is 1.5"]),
        ["keep of no number"] = (["--keep", "half"], ["--keep", "half"]),
        ["keep of less than the smallest"] = (["--keep", "0.02"], ["No mask has a size from", "The nearest size possible is"]),
        ["layers twice in the order"] = (["--keep", "0.8", "--set", "space.layer_order=[0,1,1,3]"], ["space.layer_order[2] is 1"]),
        ["no such layer in the order"] = (["--keep", "0.8", "--set", "space.layer_order=[0,1,2,4]"], ["space.layer_order[3] is 4"]),
        ["no calibration part"] = (["--keep", "0.8", "--set", "data.calibration_share=0"], ["data.calibration_share is 0"]),
        ["too few tokens for importance"] = (["--keep", "0.8", "--set", "data.calibration_share=0.05"], ["calibration set", "must have at least"]),
        ["too few sequences for a batch"] = (
            ["--keep", "0.8", "--steps", "3", "--set", "pruning.policy_gradient.batch=5000"], ["The calibration part has", "pruning.policy_gradient.batch is 5000"]),
        ["window longer than the model"] = (["--keep", "0.8", "--steps", "3", "--set", "pruning.policy_gradient.window=4096"], ["pruning.policy_gradient.window is 4096"]),
        ["no budget"] = (["--keep", "0.8", "--evaluations", "0"], ["--evaluations", "0"]),
    };

    private readonly SmallModel _model = new();

    public static TheoryData<string> Cases => [.. Table.Keys];

    public void Dispose() => _model.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Prune_BadInput_IsRefusedInOneLine(string name)
    {
        var (given, says) = Table[name];
        var result = Nas.Run(Prune(given));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Equal("", result.Output);

        // What the stages before said of their progress is no complaint.
        var complaint = Assert.Single(result.ErrorLines, l => l[0] != '{');
        Assert.StartsWith("nas: ", complaint, StringComparison.Ordinal);
        Assert.DoesNotContain("defect", complaint, StringComparison.Ordinal);
        Assert.All(says, part => Assert.Contains(part, complaint, StringComparison.Ordinal));
        Assert.False(Directory.Exists(_model.At("run/model")));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Prune_WeightsThatAreNoNumbers_AreRefusedInOneLine(float value)
    {
        WeightsFile.SetFirstWeight(Path.Combine(_model.ModelPath, "model.safetensors"), "model.layers.1.mlp.down_proj.weight", value);

        var result = Nas.Run(Prune("--keep", "0.8"));

        Assert.Equal(Refusal.Failure, result.ExitCode);
        var complaint = Assert.Single(result.ErrorLines);
        Assert.Contains("finite", complaint, StringComparison.Ordinal);
        Assert.DoesNotContain("defect", complaint, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_model.At("run/model")));
    }

    private string[] Prune(params string[] more) =>
    [
        "prune", "--model", _model.ModelPath, "--text", _model.TextPath, "--out", _model.At("run"), "--format", "json",
        .. more.Any(m => m == "--evaluations") ? Array.Empty<string>() : ["--evaluations", "4"],
        "--set", "data.window=64", "--set", "data.search_tokens=500", "--set", "data.report_tokens=500", "--set", "algorithm.population=4", .. more,
    ];
}
