using System.Text;
using NasCluster.Core;
using NasCluster.Llama.Tokenizers;
using NasCluster.Llama.Training;
using NasCluster.Pipeline.Training;
using NasCluster.Testing;

namespace NasCluster.Pipeline.Tests.Training;

public sealed class TrainingInstructionsTests
{
    private const int B = LetterTokenizer.Beginning;
    private const int E = LetterTokenizer.End;
    private static readonly InstructionRow Row = new("f(1)", "Say it.", "", "Okay");

    [Fact]
    public void Create_Row_ReadsThePromptAndLearnsTheAnswer()
    {
        var set = Create(4096, Row);

        var sequence = Assert.Single(set.Sequences);
        Assert.Equal(
            "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\nSay it.\n\n### Response:",
            Row.Prompt);
        int[] prompt = [B, .. new LetterTokenizer().Encode(Row.Prompt)];
        Assert.Equal([.. prompt, 'O', 'k', 'a', 'y', E], sequence.TokenIds.ToArray());
        Assert.Equal((prompt.Length, 0, "t"), (sequence.FirstScored, set.Truncated, set.Source));
    }

    [Fact]
    public void Prompt_WithInput_ShowsIt() => Assert.Equal(
        "Below is an instruction that describes a task, paired with an input that provides further context. Write a response that appropriately completes the request."
        + "\n\n### Instruction:\nSay it.\n\n### Input:\nit\n\n### Response:",
        (Row with { Input = "it" }).Prompt);

    [Fact]
    public void CreateMarked_Documents_LearnsWhatFollowsTheLastMarkAndLeavesOthersOut()
    {
        var set = TrainingInstructions.CreateMarked("Q A: x A: yz;no mark;b A: c", "t", ";", "A:", new LetterTokenizer(), 64);

        Assert.Equal([" yz", " c"], set.Sequences.Select(s => string.Concat(s.TokenIds.Skip(s.FirstScored).SkipLast(1).Select(i => (char)i))));
        Assert.All(set.Sequences, s => Assert.Equal((B, E), (s.TokenIds[0], s.TokenIds[^1])));
        Assert.Equal("Q A: x A:", string.Concat(set.Sequences[0].TokenIds.Take(set.Sequences[0].FirstScored).Skip(1).Select(i => (char)i)));
    }

    [Theory]
    [InlineData("a A: b;c A: ", "t: document 2 ends with 'A:'; something to learn must follow it.")]
    [InlineData("a;b", "t has no 'A:' in any document, so there is nothing to learn.")]
    public void CreateMarked_NothingToLearn_SaysWhere(string text, string message) => Assert.Equal(
        message, Assert.Throws<NasClusterException>(() => TrainingInstructions.CreateMarked(text, "t", ";", "A:", new LetterTokenizer(), 64)).Message);

    [Fact]
    public void Create_PieceSpansPromptAndAnswer_IsLearnedWhole()
    {
        // The prompt's colon and the answer's first letter are one token.
        var sequence = TrainingInstructions.Create([Row], "t", new JoiningTokenizer(), 4096).Sequences[0];

        Assert.Equal([JoiningTokenizer.Joined, 'k', 'a', 'y'], sequence.TokenIds.Skip(sequence.FirstScored));
        Assert.Equal('e', sequence.TokenIds[sequence.FirstScored - 1]);
    }

    [Theory]
    [InlineData(9, "^nse:Okay$", 5, 1)]
    [InlineData(6, "^:Okay$", 2, 1)]
    [InlineData(5, "^Okay$", 1, 1)]
    [InlineData(4, "^Okay", 1, 1)]
    [InlineData(1, "^O", 1, 1)]
    public void Create_LongerThanTheContext_LosesThePromptFromTheLeftAndOnlyThenTheAnswer(int context, string tokens, int firstLearned, int truncated)
    {
        var set = Create(context, Row);

        Assert.Equal(tokens, Shown(set, 0));
        Assert.Equal((firstLearned, truncated), (set.Sequences[0].FirstScored, set.Truncated));
    }

    [Theory]
    [InlineData(5, ":Okay")]
    [InlineData(4, ":Okay")]
    [InlineData(3, ":Oka")]
    [InlineData(1, ":O")]
    public void Create_NoMarks_KeepsATokenBeforeTheAnswer(int context, string end)
    {
        var set = TrainingInstructions.Create([Row], "t", new LetterTokenizer(false, false), context);

        Assert.EndsWith(end, Shown(set, 0), StringComparison.Ordinal);
        Assert.InRange(set.Sequences[0].TokenIds.Length, 2, context + 1);
        Assert.Equal(':', set.Sequences[0].TokenIds[set.Sequences[0].FirstScored - 1]);
    }

    [Fact]
    public void Create_ContextThatJustFits_TruncatesNothing()
    {
        var length = Create(4096, Row).Sequences[0].TokenIds.Length;

        Assert.Equal(0, Create(length - 1, Row).Truncated);
        Assert.Equal(1, Create(length - 2, Row).Truncated);
        Assert.Equal(1, Create(length - 2, Row, Row with { Instruction = "Say" }).Truncated);
        Assert.Equal(0, Create(int.MaxValue, Row).Truncated);
    }

    [SharedDataFact("instructions/alpaca_en_demo.json", "tokenizers/llama2/tokenizer.model")]
    public void Load_PublishedRows_LearnsTheAnswers()
    {
        var tokenizer = SentencePieceTokenizer.Open(SharedData.PathOf("tokenizers/llama2/tokenizer.model"));
        var path = SharedData.PathOf("instructions/alpaca_en_demo.json");
        var set = TrainingInstructions.Load(path, tokenizer, 256);

        Assert.Equal(999, set.Sequences.Length);
        Assert.InRange(set.Truncated, 100, 900);
        Assert.All(set.Sequences, s => Assert.InRange(s.TokenIds.Length, 2, 257));
        var whole = TrainingInstructions.Load(path, tokenizer, 4096);
        Assert.Equal(0, whole.Truncated);
        Assert.All(AlpacaFile.Read(path).Zip(whole.Sequences), p => Assert.Equal(
            p.First.Prompt + p.First.Output, Encoding.UTF8.GetString(tokenizer.Decode([.. p.Second.TokenIds]))));

        // In a few the prompt's colon and the answer's first sign, mostly a quote, are one piece, which is learned.
        var read = whole.Sequences.Select(s => Encoding.UTF8.GetString(tokenizer.Decode([.. s.TokenIds.Take(s.FirstScored)])));
        var joined = AlpacaFile.Read(path).Zip(read).Count(p => p.Second + ":" == p.First.Prompt);
        Assert.InRange(joined, 1, 99);
        Assert.Equal(999 - joined, AlpacaFile.Read(path).Zip(read).Count(p => p.Second == p.First.Prompt));
        Assert.All(whole.Sequences, s => Assert.Equal(tokenizer.EndOfSequence, s.TokenIds[^1]));
    }

    private static TrainingSet Create(int context, params InstructionRow[] rows) => TrainingInstructions.Create([.. rows], "t", new LetterTokenizer(), context);

    private static string Shown(TrainingSet set, int sequence) =>
        string.Concat(set.Sequences[sequence].TokenIds.Select(id => id == B ? '^' : id == E ? '$' : (char)id));
}
