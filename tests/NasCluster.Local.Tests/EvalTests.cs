using System.Text.Json.Nodes;
using NasCluster.Testing;

namespace NasCluster.Local.Tests;

public sealed class EvalTests : IDisposable
{
    private const string Model = "models/stories260K";
    private const string Tasks = "eval";
    private const string Corpus = "corpora/tinystories/tinystories_1k_split.txt";
    private const string Wikitext = "corpora/wikitext2/wiki.test.raw";
    private const string FirstLayers = """{"layers":[{"layer":0},{"layer":1},{"layer":2}]}""";

    private readonly TemporaryDirectory _folder = new();
    private readonly SmallModel _model = new();

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [SharedDataFact(Model, Tasks)]
    public void Eval_TrainedModel_IsTheSameToTheLastDigitHoweverItIsComputed()
    {
        string[] tasks = ["--task", "arc_easy,winogrande,piqa,openbookqa,mmlu", "--limit", "20", "--shots", "0"];

        var whole = Json(Trained([.. tasks]));
        var scalar = Json(Trained([.. tasks, "--vectors", "scalar"]));
        var kept = _folder.At("kept.db");
        var first = Json(Trained([.. tasks, "--results", kept]));
        var again = Json(Trained([.. tasks, "--results", kept]));

        Assert.Equal(Scores(whole), Scores(scalar));
        Assert.Equal(Scores(whole), Scores(first));
        Assert.Equal(Scores(whole), Scores(again));
        Assert.All(again["tasks"]!.AsArray(), t => Assert.Equal(0, (long)t!["tokens_computed"]!));
        Assert.All(whole["tasks"]!.AsArray(), t => Assert.True((long)t!["tokens_computed"]! < (long)t["tokens_asked"]!, (string?)t["task"]));
        Assert.Contains(whole["groups"]!.AsArray(), g => (string?)g!["group"] == "mmlu");
    }

    [SharedDataFact(Model, Wikitext)]
    public void Eval_WholeTexts_HaveTheHarnesssThreePerplexities()
    {
        var score = Json(Nas.Run(
            "eval", "--model", SharedData.PathOf($"{Model}/stories260K.bin"), "--tokenizer", SharedData.PathOf($"{Model}/tok512.model"), "--task", "wikitext",
            "--data", SharedData.PathOf(Wikitext), "--limit", "2", "--format", "json"))["tasks"]![0]!["scores"]![0]!;

        var (word, bytes, bits) = (Value("word_perplexity"), Value("byte_perplexity"), Value("bits_per_byte"));
        Assert.Equal(Math.Log2(bytes), bits, 1e-12);
        Assert.True(word > bytes && bytes > 1);

        double Value(string metric) => (double)score[metric]!["value"]!;
    }

    [Fact]
    public void Eval_TwoArchitectures_ComparesThemPaired()
    {
        Questions(8);
        string[] arguments = [.. Small("arc_easy"), "--architecture", """{"layers":[{"layer":0},{"layer":1},{"layer":2},{"layer":3}]}""", "--architecture", FirstLayers];

        var found = Json(Nas.Run([.. arguments, "--format", "json"]))["tasks"]![0]!;
        var table = Nas.Run(arguments);

        var difference = (double)found["scores"]![1]!["acc"]!["value"]! - (double)found["scores"]![0]!["acc"]!["value"]!;
        Assert.Equal(difference, (double)found["differences_from_first"]![0]!["acc"]!["value"]!, 1e-15);
        Assert.Contains("network 2 less network 1", table.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (table.ExitCode, table.Errors));
    }

    [Fact]
    public void Eval_FrontOfARun_ComparesEachNetworkWithTheOneAbove()
    {
        Questions(8);
        var run = _folder.At("run");
        var search = Nas.Run(
            "search", "--model", _model.ModelPath, "--text", _model.TextPath, "--out", run, "--evaluations", "12", "--set", "space.depth=[2,4]", "--set", "space.mlp=[0.5,1.0]",
            "--set", "objectives=[perplexity, parameters]", "--set", "data.search_tokens=512", "--set", "data.report_tokens=256", "--set", "algorithm.population=4");
        Assert.True(search.ExitCode == 0, search.Errors);
        string[] arguments = [.. Small("arc_easy"), "--front", run];

        var found = Json(Nas.Run([.. arguments, "--format", "json"]));
        var table = Nas.Run(arguments);

        var names = found["network"]!["sub_networks"]!.AsArray().Select(n => (string)n!["name"]!).ToArray();
        Assert.Equal("whole", names[0]);
        Assert.All(names[1..], n => Assert.StartsWith("trial ", n, StringComparison.Ordinal));
        var scores = found["tasks"]![0]!["scores"]!.AsArray();
        Assert.Equal(names.Length, scores.Count);
        Assert.Equal(
            (double)scores[2]!["acc"]!["value"]! - (double)scores[1]!["acc"]!["value"]!,
            (double)found["tasks"]![0]!["differences_from_previous"]![1]!["acc"]!["value"]!, 1e-15);
        Assert.All(names, n => Assert.Contains($"│ {n} ", table.Output, StringComparison.Ordinal));
        var refused = Nas.Run("eval", "--model", SharedModelThatIsAnother(), "--data", _folder.Root, "--task", "arc_easy", "--front", run);
        Assert.Contains("run on another model", Assert.Single(refused.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(2, Nas.Run([.. arguments, "--architecture", FirstLayers]).ExitCode);

        string SharedModelThatIsAnother()
        {
            var made = Nas.Run("init", "--tokenizer", Path.Combine(_model.ModelPath, "tokenizer.model"), "--layers", "2", "--hidden", "32", "--mlp", "48", "--heads", "4",
                "--kv-heads", "2", "--context", "64", "--seed", "1", "--out", _folder.At("other"));
            Assert.True(made.ExitCode == 0, made.Errors);
            return _folder.At("other");
        }
    }

    [Fact]
    public void Eval_SameLetterEverywhere_Warns()
    {
        Questions(4, "A");
        var result = Nas.Run([.. Small("arc_easy")]);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("always choosing it would be right", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void Eval_LongPrompts_AreCounted()
    {
        Questions(3);
        var result = Nas.Run([.. Small("arc_easy"), "--window", "12"]);
        Assert.Contains("3 of 3 documents lost their beginning in the window of 12 tokens", result.Output, StringComparison.Ordinal);
    }

    [SharedDataFact(Model, Corpus)]
    public void Eval_TextKeptFromBefore_HasTheErrorOfItsTokensAgain()
    {
        string[] arguments =
        [
            "eval", "--model", SharedData.PathOf($"{Model}/stories260K.bin"), "--tokenizer", SharedData.PathOf($"{Model}/tok512.model"), "--task", "text",
            "--data", _folder.Write("t.txt", File.ReadAllText(SharedData.PathOf(Corpus))[..20000]), "--format", "json", "--results", _folder.At("kept.db"),
        ];

        var (first, again) = (Json(Nas.Run(arguments)), Json(Nas.Run(arguments)));

        Assert.Equal(Scores(first), Scores(again));
        Assert.Equal(0, (long)again["tasks"]![0]!["tokens_computed"]!);
        Assert.True((double)again["tasks"]![0]!["scores"]![0]!["token_perplexity"]!["standard_error"]! > 0);
    }

    [Fact]
    public void Eval_AnswerLongerThanTheWindow_IsScoredOnItsEndAndWarnedOf()
    {
        Questions(2);
        var result = Nas.Run([.. Small("arc_easy"), "--window", "4"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("2 of 2 documents are scored on the end of an answer only", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void Eval_BadInput_IsOneLineWithPlaceAndRule()
    {
        Refused("There is no task 'arc'", "--task", "arc");
        Refused("ARC-Easy-Test.jsonl", "--task", "arc_easy");
        _folder.Write("ARC-Easy-Test.jsonl", Question(0, "A") + "\n{\"question\": 3}\n");
        Refused("ARC-Easy-Test.jsonl(2)", "--task", "arc_easy");
        Questions(2);
        Refused("--window is 4096; it must be in [1, 128].", "--task", "arc_easy", "--window", "4096");
        Refused("--task is 'arc_easy,'", "--task", "arc_easy,");
        Refused("layers[0].layer is 9", "--task", "arc_easy", "--architecture", """{"layers":[{"layer":9}]}""");
        Refused("not an SQLite file", "--task", "arc_easy", "--results", _folder.Write("no.db", new string('x', 4096)));

        void Refused(string says, params string[] arguments)
        {
            var result = Nas.Run(["eval", "--model", _model.ModelPath, "--data", _folder.Root, .. arguments]);
            Assert.Equal((1, ""), (result.ExitCode, result.Output));
            Assert.Contains(says, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        }
    }

    private static NasResult Trained(params string[] arguments) => Nas.Run(
    [
        "eval", "--model", SharedData.PathOf($"{Model}/stories260K.bin"), "--tokenizer", SharedData.PathOf($"{Model}/tok512.model"),
        "--data", SharedData.PathOf(Tasks), "--format", "json", .. arguments,
    ]);

    private static JsonNode Json(NasResult result)
    {
        Assert.True(result.ExitCode == 0, result.Errors);
        return JsonNode.Parse(result.Output)!;
    }

    private static string Scores(JsonNode found) =>
        string.Join('\n', found["tasks"]!.AsArray().Select(t => t!["task"] + t["scores"]!.ToJsonString()).Append(found["groups"]!.ToJsonString()));

    private string[] Small(string task) => ["eval", "--model", _model.ModelPath, "--data", _folder.Root, "--task", task];

    private void Questions(int count, string letters = "AB") =>
        _folder.Write("ARC-Easy-Test.jsonl", string.Join('\n', Enumerable.Range(0, count).Select(i => Question(i, $"{letters[i % letters.Length]}"))));

    private static string Question(int number, string answer) =>
        $$"""{"id": "{{number}}", "question": {"stem": "what do cows eat on day {{(char)('a' + number)}}", "choices": [{"text": "grass", "label": "A"}, {"text": "the moon", "label": "B"}]}, "answerKey": "{{answer}}"}""";
}
