using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Tokenizers;

namespace NasCluster.Local.Tests;

public sealed class InitTests : IDisposable
{
    private const string Sizes = "--layers 2 --hidden 24 --mlp 20 --heads 6 --kv-heads 3 --context 64";
    private readonly SmallModel _model = new();

    private string Tokenizer => Path.Combine(_model.ModelPath, "tokenizer.model");

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Init_Sizes_WritesThatNetworkWithItsTokenizer()
    {
        var result = Run($"{Sizes} --tied false --rope-theta 5000.5 --seed 3 --out new");

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        using var network = LlamaCheckpoints.Open(_model.At("new"));
        Assert.Equal(
            new LlamaConfiguration
            {
                VocabularySize = 287,
                HiddenSize = 24,
                HeadSize = 4,
                QueryHeadsPerKvHead = 2,
                Layers = [new(3, 20), new(3, 20)],
                MaximumPositions = 64,
                NormEpsilon = 1e-5f,
                RopeTheta = 5000.5,
                TiedEmbeddings = false,
            },
            network.Configuration);
        Assert.Equal($"Written: new, 20,232 parameters, fingerprint {network.Fingerprint}\n", result.Output.ReplaceLineEndings("\n"));
        Assert.Equal(File.ReadAllBytes(Tokenizer), File.ReadAllBytes(_model.At("new/tokenizer.model")));
        Assert.Equal(network.Configuration.VocabularySize, TokenizerFiles.Open(_model.At("new"), null, 287).VocabularySize);
        Assert.Equal(0, Nas.Run("score", "--model", _model.At("new"), "--text", _model.TextPath, "--window", "32").ExitCode);
    }

    [Fact]
    public void Init_Defaults_AreTiedWithAKvHeadForEveryHeadAndSeedOne()
    {
        Assert.Equal(0, Run("--layers 1 --hidden 24 --mlp 20 --heads 6 --context 64 --out a").ExitCode);
        Assert.Equal(0, Run("--layers 1 --hidden 24 --mlp 20 --heads 6 --kv-heads 6 --context 64 --tied true --rope-theta 1e4 --seed 1 --out b").ExitCode);
        Assert.Equal(0, Run("--layers 1 --hidden 24 --mlp 20 --heads 6 --context 64 --seed 2 --out c").ExitCode);

        using var a = LlamaCheckpoints.Open(_model.At("a"));
        using var b = LlamaCheckpoints.Open(_model.At("b"));
        using var c = LlamaCheckpoints.Open(_model.At("c"));
        Assert.Equal(a.Fingerprint, b.Fingerprint);
        Assert.NotEqual(a.Fingerprint, c.Fingerprint);
        Assert.True(a.Configuration.TiedEmbeddings);
    }

    [Theory]
    [InlineData("--layers 2 --hidden 20 --mlp 20 --heads 6 --context 64 --out new", "--hidden is 20; it must be a multiple of 12, twice --heads")]
    [InlineData("--layers 2 --hidden 18 --mlp 20 --heads 6 --context 64 --out new", "--hidden is 18; it must be a multiple of 12")]
    [InlineData("--layers 2 --hidden 24 --mlp 20 --heads 6 --kv-heads 4 --context 64 --out new", "--heads is 6; it must be a multiple of --kv-heads, which is 4")]
    [InlineData("--layers 2 --hidden 24 --mlp 20 --heads 6 --kv-heads 12 --context 64 --out new", "--heads is 6; it must be a multiple of --kv-heads, which is 12")]
    [InlineData("--layers 0 --hidden 24 --mlp 20 --heads 6 --context 64 --out new", "--layers is '0'; it must be a whole number in [1, 1024]")]
    [InlineData("--layers 2 --hidden wide --mlp 20 --heads 6 --context 64 --out new", "--hidden is 'wide'; it must be a whole number in [2, 1048576]")]
    [InlineData("--layers 2 --hidden 24 --mlp 20 --heads 0 --context 64 --out new", "--heads is '0'")]
    [InlineData("--layers 2 --hidden 24 --mlp 20 --heads 6 --kv-heads 0 --context 64 --out new", "--kv-heads is '0'")]
    [InlineData("--layers 2 --hidden 24 --mlp -1 --heads 6 --context 64 --out new", "--mlp is '-1'")]
    [InlineData("--layers 2 --hidden 24 --mlp 20 --heads 6 --context 1 --out new", "--context is '1'; it must be a whole number in [2,")]
    [InlineData($"{Sizes} --rope-theta 0 --out new", "--rope-theta is '0'; it must be a number in [1, 1000000000]")]
    [InlineData($"{Sizes} --rope-theta NaN --out new", "--rope-theta is 'NaN'")]
    [InlineData($"{Sizes} --tied perhaps --out new", "--tied is 'perhaps'; it must be one of true, false")]
    [InlineData($"{Sizes} --seed -4 --out new", "--seed is '-4'")]
    [InlineData(Sizes, "'--out' is required")]
    [InlineData("--hidden 24 --mlp 20 --heads 6 --context 64 --out new", "'--layers' is required")]
    public void Init_CommandLineWrong_IsRefusedAsMisuse(string line, string says)
    {
        Refusal.AssertOneLine(Run(line), Refusal.Usage, says, "'nas init --help'");
        Assert.False(Path.Exists(_model.At("new")));
    }

    [Fact]
    public void Init_NoTokenizer_IsRefused()
    {
        Refusal.AssertOneLine(Nas.RunIn(_model.Root, ["init", .. Words($"{Sizes} --out new")]), Refusal.Usage, "'--tokenizer' is required");
        Refusal.AssertOneLine(
            Nas.RunIn(_model.Root, ["init", .. Words($"--tokenizer absent.model {Sizes} --out new")]), Refusal.Failure, "absent.model: the tokenizer cannot be read");
        Refusal.AssertOneLine(
            Nas.RunIn(_model.Root, ["init", .. Words($"--tokenizer text.txt {Sizes} --out new")]), Refusal.Failure, "text.txt, byte 1: ");
        Assert.False(Path.Exists(_model.At("new")));
    }

    [Fact]
    public void Init_TooLarge_SaysHowLarge() => Refusal.AssertOneLine(
        Run("--layers 1000 --hidden 1048576 --mlp 1048576 --heads 64 --context 64 --out new"),
        Refusal.Failure,
        "parameters; 'nas init' makes at most 1,000,000,000");

    [Fact]
    public void Init_DirectoryTaken_ChangesNothing()
    {
        var before = FolderState.Of(_model.ModelPath);

        Refusal.AssertOneLine(Run($"{Sizes} --out model"), Refusal.Failure, "model: already there");
        Refusal.AssertOneLine(Run($"{Sizes} --out text.txt/new"), Refusal.Failure, "text.txt/new: cannot be written");

        Assert.Equal(before, FolderState.Of(_model.ModelPath));
        Assert.Equal(["model", "text.txt"], Directory.GetFileSystemEntries(_model.Root).Select(Path.GetFileName).Order());
    }

    private NasResult Run(string line) => Nas.RunIn(_model.Root, ["init", "--tokenizer", Tokenizer, .. Words(line)]);

    private static string[] Words(string line) => line.Split(' ');
}
