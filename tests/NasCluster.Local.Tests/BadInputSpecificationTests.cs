namespace NasCluster.Local.Tests;

/// <summary>Search files with something wrong: every problem on a line of its own, and nothing is written.</summary>
public sealed class BadInputSpecificationTests : IDisposable
{
    private readonly SmallModel _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Search_FileWithManyProblems_ListsThemAllWithTheirPlaces()
    {
        var lines = Refused("""
            model: model
            budge: {evaluations: 5}
            data: {text: text.txt, window: 1}
            space:
              depth: [0, two]
              layer_order: [0, 0]
            algorithm:
              name: annealing
              mutation: {per_gene: 1.4}
            budget: {evaluations: 0}
            seed: -1
            """, 9);

        string[] wanted =
        [
            "search.yaml(2,1): budge is no known key (did you mean budget?)",
            "search.yaml(3,32): data.window is 1; it must be in [2, 1048576].",
            "search.yaml(5,11): space.depth[0] is 0; it must be in [1, 2147483647].",
            "search.yaml(5,14): space.depth[1] is 'two'; it must be a whole number.",
            "search.yaml(6,20): space.layer_order[1] is 0 again",
            "search.yaml(8,9): algorithm.name is 'annealing'; it must be one of nsga2, random, linas, ehvi, block_scores, mask_evolution.",
            "search.yaml(9,24): algorithm.mutation.per_gene is 1.4; it must be in [0, 1].",
            "search.yaml(10,23): budget.evaluations is 0; it must be in [1, 1000000].",
            "search.yaml(11,7): seed is -1; it must be in [0, 9007199254740992].",
        ];
        Assert.All(wanted.Zip(lines), p => Assert.StartsWith($"nas: {p.First}", p.Second, StringComparison.Ordinal));
    }

    [Fact]
    public void Search_FileThatDoesNotFitTheModel_ListsEveryMisfitWithItsPlace()
    {
        var lines = Refused("""
            model: model
            data: {text: text.txt, window: 129}
            space: {depth: [2, 5], mlp: [49], kv_groups: [3]}
            """, 4);

        string[] wanted =
        [
            "search.yaml(3,20): space.depth[1] is 5; the model has 4 layers.",
            "search.yaml(3,30): space.mlp[0] is 49; layer 0 of the model has 48 MLP channels.",
            "search.yaml(3,47): space.kv_groups[0] is 3; layer 0 of the model has 2 KV groups.",
            "search.yaml(2,32): data.window is 129; the model takes at most 128 positions.",
        ];
        Assert.Equal(wanted.Select(w => $"nas: {w}").Order(), lines.Order());
    }

    [Theory]
    [InlineData("model: model\nmodel: model\ndata: {text: text.txt}", "search.yaml(2,1): model is there twice; it is first in line 1")]
    [InlineData("model: model\ndata: {text: text.txt, window: 64, window: 32}", "search.yaml(2,36): data.window is there twice")]
    [InlineData("model: model\ndata: {text: text.txt\n", "search.yaml(", "not YAML")]
    [InlineData("[1, 2]", "search.yaml(1,1): the file is", "must be a mapping")]
    [InlineData("data: {text: text.txt}", "search.yaml: model is missing")]
    [InlineData("model: model", "search.yaml: data.text is missing", "perplexity")]
    [InlineData("model: model\ndata: {text: text.txt}\nobjectives: [perplexity, speed]", "search.yaml(3,26): ", "'speed'", "is no objective")]
    [InlineData("model: \xff", "search.yaml is not UTF-8: byte 7")]
    public void Search_FileWithOneProblem_NamesFilePlaceAndRule(string yaml, params string[] says)
    {
        var lines = Refused(yaml, 1);
        Assert.All(says, part => Assert.Contains(part, lines[0], StringComparison.Ordinal));
    }

    [Fact]
    public void Search_FileAbsent_IsRefused() => Refusal.AssertOneLine(
        Nas.RunIn(_model.Root, "search", "absent.yaml", "--out", "run"), Refusal.Failure, "absent.yaml cannot be read");

    [Theory]
    [InlineData("budget.evaluations=0", "--set budget.evaluations: budget.evaluations is 0; it must be in [1, 1000000]")]
    [InlineData("budget.evaluations=1000001", "--set budget.evaluations: budget.evaluations is 1000001; it must be in [1, 1000000]")]
    [InlineData("space.depth=[5]", "--set space.depth: space.depth[0] is 5; the model has 4 layers")]
    [InlineData("space.depht=[3]", "--set space.depht: there is no key 'space.depht' (did you mean space.depth?)")]
    [InlineData("space.depth=[3", "--set space.depth: ", "not YAML")]
    [InlineData("algorithm.name=annealing", "--set algorithm.name: algorithm.name is 'annealing'; it must be one of nsga2, random")]
    public void Search_OptionWithAProblem_NamesTheOption(string setting, params string[] says)
    {
        var result = Nas.Run("search", "--model", _model.ModelPath, "--text", _model.TextPath, "--out", _model.At("run"), "--set", setting);

        Refusal.AssertOneLine(result, Refusal.Failure, says);
        Assert.False(Path.Exists(_model.At("run")));
    }

    private string[] Refused(string yaml, int problems)
    {
        // Latin-1 lets a case hold a byte that is not UTF-8.
        File.WriteAllBytes(_model.At("search.yaml"), System.Text.Encoding.Latin1.GetBytes(yaml));
        var result = Nas.RunIn(_model.Root, "search", "search.yaml", "--out", "run");
        Assert.False(Path.Exists(_model.At("run")));
        return Refusal.AssertLines(result, Refusal.Failure, problems);
    }
}
