namespace NasCluster.Local.Tests;

/// <summary>Command lines that make no sense.</summary>
public sealed class BadInputCommandLineTests : IDisposable
{
    private readonly SmallModel _model = new();

    public void Dispose() => _model.Dispose();

    // MODEL and TEXT stand for a good model and text.
    [Theory]
    [InlineData("", "told what to do", "'nas --help'")]
    [InlineData("frobnicate", "'frobnicate'", "'nas --help'")]
    [InlineData("--frobnicate", "'--frobnicate'", "'nas --help'")]
    [InlineData("search --out run --frobnicate", "no option '--frobnicate'", "'nas search --help'")]
    [InlineData("search --out run --frobnicate --another", "--frobnicate", "--another")]
    [InlineData("search --out run --model", "--model")]
    [InlineData("search --out run --model MODEL --model MODEL --text TEXT", "--model")]
    [InlineData("search --out run --model EMPTY --text TEXT", "--model is empty")]
    [InlineData("search --out EMPTY --model MODEL --text TEXT", "--out is empty")]
    [InlineData("search --out run --model MODEL --text TEXT --workers two", "--workers is 'two'; it must be a whole number in [1, 1024]")]
    [InlineData("search --out run --model MODEL --text TEXT --workers 0", "--workers is '0'; it must be a whole number in [1, 1024]")]
    [InlineData("search --out run --model MODEL --text TEXT --workers 1000000", "--workers is '1000000'")]
    [InlineData("search --out run --model MODEL --text TEXT --batch 9999999999", "--batch is '9999999999'")]
    [InlineData("search --out run --model MODEL --text TEXT --vectors 384", "--vectors is '384'; it must be one of auto, 512, 256, 128, scalar")]
    [InlineData("search --out run --model MODEL --text TEXT --format table", "--format is 'table'; it must be one of text, json")]
    [InlineData("search --out run --model MODEL --text TEXT --set seed", "--set seed: it must be KEY=VALUE")]
    [InlineData("search --out run --model MODEL --text TEXT --set =4", "--set =4: it must be KEY=VALUE")]
    [InlineData("resume", "DIR", "'nas resume --help'")]
    [InlineData("resume --frobnicate", "no option '--frobnicate'")]
    [InlineData("front --format svg run", "--format is 'svg'; it must be one of table, json, csv")]
    [InlineData("inspect", "'--model' is required")]
    [InlineData("inspect --model MODEL --set depth", "--set depth: it must be KEY=VALUE")]
    [InlineData("score --text TEXT", "'--model' is required")]
    [InlineData("score --model MODEL", "either --text or --ids")]
    [InlineData("score --model MODEL --text TEXT --ids TEXT", "either --text or --ids")]
    [InlineData("score --model MODEL --text TEXT --window many", "--window is 'many'; it must be a whole number in [2,")]
    public void Run_CommandLineWrong_IsRefusedAsMisuse(string line, params string[] says)
    {
        var result = Nas.RunIn(_model.Root, Words(line));

        Refusal.AssertOneLine(result, Refusal.Usage, says);
        Assert.False(Path.Exists(_model.At("run")));
    }

    // What can only be judged with the model at hand.
    [Theory]
    [InlineData("score --model MODEL --text TEXT --window 129", "--window is 129; it must be in [2, 128]")]
    [InlineData("score --model MODEL --text TEXT --window 64 --stride 65", "--stride is 65; it must be in [1, 64]")]
    [InlineData("score --model MODEL --text TEXT --architecture {", "--architecture: ", "not JSON at line 1")]
    [InlineData("score --model MODEL --text TEXT --architecture {\"layers\":[{\"layer\":4}]}", "--architecture: layers[0].layer is 4", "below 4")]
    [InlineData("score --model MODEL --text TEXT --architecture {\"layers\":[{\"layer\":0,\"mlp_channels\":49}]}", "--architecture: ", "49 MLP channels in layer 0", "has 48")]
    [InlineData("score --model MODEL --text TEXT --architecture {\"layers\":[{\"layer\":0,\"kv_groups\":[1,1]}]}", "--architecture: layers[0].kv_groups[1]", "ascend")]
    [InlineData("score --model MODEL --text TEXT --architecture {\"layers\":[{\"layer\":0,\"layer\":1}]}", "--architecture: layers[0].layer is given twice")]
    [InlineData("score --model MODEL --text TEXT --architecture {\"layers\":[{\"layer\":0,\"depth\":1}]}", "--architecture: layers[0] has an unknown key \"depth\"")]
    [InlineData("score --model MODEL --text TEXT --architecture {\"layers\":[{\"layer\":0,\"head_pairs\":99}]}", "--architecture: ", "99 head pairs in layer 0")]
    [InlineData("score --model MODEL --text TEXT --architecture @absent.json", "absent.json: cannot be read")]
    [InlineData("score --model MODEL --text TEXT --architecture @broken.json", "broken.json: ", "layers[0].mlp_channels is -1")]
    [InlineData("score --model MODEL --ids words.txt", "words.txt: entry 3 is \"x\"", "0 to 286")]
    [InlineData("score --model MODEL --ids large.txt", "large.txt: entry 2 is \"287\"", "0 to 286")]
    [InlineData("score --model MODEL --ids negative.txt", "negative.txt: entry 1 is \"-1\"", "0 to 286")]
    [InlineData("score --model MODEL --ids empty.txt", "empty.txt has 0 tokens", "at least 2")]
    [InlineData("score --model MODEL --ids absent.txt", "absent.txt: cannot be read")]
    [InlineData("score --model absent --text TEXT", "absent: no such file or directory")]
    [InlineData("score --model MODEL --text TEXT --tokenizer absent.model", "absent.model: no such tokenizer file")]
    [InlineData("score --model MODEL --text empty.txt", "empty.txt is empty")]
    [InlineData("inspect --model MODEL --set space.depth=[5]", "--set space.depth: space.depth[0] is 5; the model has 4 layers")]
    [InlineData("inspect --model MODEL --set space.width=[5]", "--set space.width: there is no key 'space.width'")]
    public void Run_ValueDoesNotFitTheModel_IsRefusedInOneLine(string line, params string[] says)
    {
        File.WriteAllText(_model.At("broken.json"), """{"layers":[{"layer":0,"mlp_channels":-1}]}""");
        File.WriteAllText(_model.At("words.txt"), "[1, 2, x]");
        File.WriteAllText(_model.At("large.txt"), "286 287");
        File.WriteAllText(_model.At("negative.txt"), "-1 3");
        File.WriteAllText(_model.At("empty.txt"), " \n");

        Refusal.AssertOneLine(Nas.RunIn(_model.Root, Words(line)), Refusal.Failure, says);
    }

    [Fact]
    public void Score_ArchitectureInAFile_IsRead()
    {
        File.WriteAllText(_model.At("part.json"), """
            {
              "layers": [ {"layer": 0, "mlp_channels": 17}, {"layer": 3} ]
            }
            """);

        var result = Nas.RunIn(_model.Root, Words("score --model MODEL --text TEXT --architecture @part.json --format json"));

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Contains("\"mlp_channels\": 17", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NameWithALineBreak_StaysOneLine() =>
        Refusal.AssertOneLine(Nas.Run("inspect", "--model", "no\nsuch\rmodel"), Refusal.Failure, "no such model: no such file or directory");

    private string[] Words(string line) => [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word switch
    {
        "MODEL" => _model.ModelPath,
        "TEXT" => _model.TextPath,
        "EMPTY" => "",
        _ => word,
    })];
}
