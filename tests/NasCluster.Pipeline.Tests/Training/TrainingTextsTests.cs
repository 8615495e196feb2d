using System.Text;
using System.Text.RegularExpressions;
using NasCluster.Core;
using NasCluster.Llama.Tokenizers;
using NasCluster.Llama.Training;
using NasCluster.Pipeline.Training;
using NasCluster.Testing;

namespace NasCluster.Pipeline.Tests.Training;

public sealed class TrainingTextsTests
{
    private const int B = LetterTokenizer.Beginning;
    private const int E = LetterTokenizer.End;

    [Fact]
    public void Create_Documents_EachIsASequenceOfItsOwn()
    {
        var set = Create(" ab ;;\n; cde", context: 8, TextPacking.Documents);

        Assert.Equal([[B, 'a', 'b', E], [B, 'c', 'd', 'e', E]], Tokens(set));
        Assert.All(set.Sequences, s => Assert.Equal(1, s.FirstScored));
        Assert.Equal(("t", 0), (set.Source, set.Truncated));
    }

    [Fact]
    public void Create_DocumentLongerThanTheContext_IsCutSoThatEveryTokenIsLearnedOnce()
    {
        var set = Create("abcdefg;hi", context: 3, TextPacking.Documents);

        Assert.Equal([[B, 'a', 'b', 'c'], ['c', 'd', 'e', 'f'], ['f', 'g', E], [B, 'h', 'i', E]], Tokens(set));
        Assert.Equal("abcdefg", Learned(set)[..7]);
    }

    [Fact]
    public void Create_Windows_LieEndToEnd()
    {
        var set = Create("abcd;ef", context: 3, TextPacking.Windows);

        Assert.Equal([[B, 'a', 'b', 'c'], ['c', 'd', E, B], [B, 'e', 'f', E]], Tokens(set));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    public void Create_AnyContext_LearnsEveryTokenButTheFirst(int context)
    {
        const string text = "a text, some words;b;and another document;c";

        Assert.Equal("a text, some words$b$and another document$c$", Learned(Create(text, context, TextPacking.Documents)));
        Assert.Equal("a text, some words$^b$^and another document$^c$", Learned(Create(text, context, TextPacking.Windows)));
        Assert.All(Create(text, context, TextPacking.Windows).Sequences, s => Assert.True(s.ScoredCount <= context));
    }

    [Fact]
    public void Create_NoMarks_NoneAreMadeUp()
    {
        var set = TrainingTexts.Create("ab;c;de", "t", new LetterTokenizer(hasBeginning: false, hasEnd: false), 8, ";", TextPacking.Documents);

        // A document of one token has nothing to learn.
        Assert.Equal([['a', 'b'], ['d', 'e']], Tokens(set));
        Assert.Equal([[B, 'a', 'b']], Tokens(TrainingTexts.Create("ab", "t", new LetterTokenizer(), 8, null, TextPacking.Documents, endMark: false)));
    }

    [Fact]
    public void Create_NothingToLearn_SaysSo() => Assert.Equal(
        "t has no document of two tokens; the first of a sequence is only read.",
        Assert.Throws<NasClusterException>(
            () => TrainingTexts.Create("a;b", "t", new LetterTokenizer(hasBeginning: false, hasEnd: false), 8, ";", TextPacking.Documents)).Message);

    [Theory]
    [InlineData(";; ;")]
    [InlineData("")]
    public void Create_NoDocument_SaysSo(string text) => Assert.Equal(
        "t is empty; it must hold a text.", Assert.Throws<NasClusterException>(() => Create(text, 8, TextPacking.Documents)).Message);

    [Fact]
    public void Load_FileAbsent_NamesIt()
    {
        using var folder = new TemporaryDirectory();
        var path = folder.At("absent.txt");
        Assert.StartsWith(
            $"{path} cannot be read: ",
            Assert.Throws<NasClusterException>(() => TrainingTexts.Load(path, new LetterTokenizer(), 8, ";", TextPacking.Windows)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Fingerprint_TokensAndCuts_DecideIt()
    {
        var set = Create("abcd;ef", 3, TextPacking.Windows);
        Assert.Equal(set.Fingerprint, TrainingTexts.Create("abcd|ef", "another name", new LetterTokenizer(), 3, "|", TextPacking.Windows).Fingerprint);
        Assert.NotEqual(set.Fingerprint, Create("abcd;eg", 3, TextPacking.Windows).Fingerprint);
        Assert.NotEqual(set.Fingerprint, Create("abcd;ef", 4, TextPacking.Windows).Fingerprint);
        Assert.NotEqual(set.Fingerprint, Create("abcd;ef", 3, TextPacking.Documents).Fingerprint);
    }

    [SharedDataFact("models/stories260K/tok512.model", "corpora/tinystories/tinystories_1k_split.txt")]
    public void Load_Stories_DecodeToTheTextTheyWereMadeOf()
    {
        var tokenizer = SentencePieceTokenizer.Open(SharedData.PathOf("models/stories260K/tok512.model"));
        var path = SharedData.PathOf("corpora/tinystories/tinystories_1k_split.txt");
        var set = TrainingTexts.Load(path, tokenizer, 512, "<|endoftext|>", TextPacking.Documents);
        var stories = File.ReadAllText(path).Split("<|endoftext|>", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

        // This vocabulary's normaliser keeps one space of a run.
        Assert.Equal(stories.Select(s => Regex.Replace(s, " +", " ")), Documents(set, tokenizer));
        Assert.All(set.Sequences, s => Assert.InRange(s.TokenIds.Length, 2, 513));
    }

    private static IEnumerable<string> Documents(TrainingSet set, SentencePieceTokenizer tokenizer)
    {
        var document = new List<int>();
        foreach (var id in set.Sequences.SelectMany(s => s.TokenIds.Skip(s.FirstScored)))
        {
            document.Add(id);
            if (id == tokenizer.EndOfSequence)
            {
                yield return Encoding.UTF8.GetString(tokenizer.Decode(document));
                document.Clear();
            }
        }
    }

    private static TrainingSet Create(string text, int context, TextPacking packing) =>
        TrainingTexts.Create(text, "t", new LetterTokenizer(), context, ";", packing);

    private static int[][] Tokens(TrainingSet set) => [.. set.Sequences.Select(s => s.TokenIds.ToArray())];

    private static string Learned(TrainingSet set) => string.Concat(set.Sequences.SelectMany(s => s.TokenIds.Skip(s.FirstScored)).Select(Shown));

    private static char Shown(int id) => id == B ? '^' : id == E ? '$' : (char)id;
}
