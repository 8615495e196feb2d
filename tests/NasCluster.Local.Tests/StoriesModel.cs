using NasCluster.Evaluation.Texts;
using NasCluster.Testing;

namespace NasCluster.Local.Tests;

/// <summary>A trained model to be pruned, some stories of its kind, and a directory for what comes of it; small enough for seconds.</summary>
public sealed class StoriesModel : IDisposable
{
    /// <summary>What must be there, of the shared data.</summary>
    public const string Model = "models/stories260K";

    /// <summary>The same.</summary>
    public const string Corpus = "corpora/tinystories";

    private const string Separator = "<|endoftext|>";
    private const double SearchShare = 0.8;
    private const double CalibrationShare = 0.4;
    private readonly TemporaryDirectory _folder = new();

    public StoriesModel()
    {
        var stories = File.ReadAllText(SharedData.PathOf($"{Corpus}/tinystories_1k_split.txt")).Split(Separator);
        TextPath = _folder.Write("stories.txt", string.Join(Separator, stories[..40]));
    }

    public static string ModelPath => SharedData.PathOf($"{Model}/stories260K.bin");

    public static string TokenizerPath => SharedData.PathOf($"{Model}/tok512.model");

    public string TextPath { get; }

    /// <summary>The keys of a small run, as key and value.</summary>
    public static (string Key, string Value)[] Keys { get; } =
    [
        ("data.separator", Separator), ("data.window", "64"), ("data.search_tokens", "512"), ("data.search_share", "0.8"), ("data.calibration_share", "0.4"),
        ("pruning.sequences", "20"), ("pruning.policy_gradient.window", "32"), ("pruning.policy_gradient.batch", "2"), ("algorithm.population", "4"),
    ];

    public string At(string name) => _folder.At(name);

    public string Write(string name, string text) => _folder.Write(name, text);

    /// <summary>A pruning with a tiny budget; later settings count.</summary>
    public string[] Prune(string output, string method, string keep, params string[] more) =>
    [
        "prune", "--model", ModelPath, "--tokenizer", TokenizerPath, "--text", TextPath, "--out", At(output), "--method", method, "--keep", keep,
        .. Keys.Where(k => !more.Any(m => m.StartsWith($"{k.Key}=", StringComparison.Ordinal))).SelectMany(k => new[] { "--set", $"{k.Key}={k.Value}" }), .. more,
    ];

    /// <summary>The part of the text that is kept apart, in a file of its own.</summary>
    public string ReportPart()
    {
        const string join = "\n\n";
        var (_, rest) = TextParts.TakeLeading(File.ReadAllText(TextPath), Separator, join, CalibrationShare, "t");
        return _folder.Write("report.txt", TextParts.Cut(rest, Separator, join, SearchShare, "t").Report!);
    }

    public void Dispose() => _folder.Dispose();
}
