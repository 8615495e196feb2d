using NasCluster.Core;
using NasCluster.Llama.Tokenizers;
using NasCluster.Testing;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Llama.Tests.Tokenizers;

public class BadModelTests(ITestOutputHelper output)
{
    [Fact]
    public void Parse_NoPieces_IsRefused()
    {
        AssertRefused(new ModelFile().Trainer().Normalizer(), "the tokenizer has no pieces");
        AssertRefused(new ModelFile(), "the tokenizer has no pieces");
    }

    [Theory]
    [InlineData(1, "unigram")]
    [InlineData(3, "word")]
    [InlineData(9, "9")]
    public void Parse_OtherModelType_NamesIt(int type, string name) =>
        AssertRefused(ModelFile.Usual().Trainer(type).Normalizer(), $"trainer_spec.model_type is {name}; only BPE is supported");

    [Fact]
    public void Parse_Unsupported_NamesSetting()
    {
        AssertRefused(ModelFile.Usual().Trainer().Normalizer(rules: new byte[9]), "normalizer_spec.precompiled_charsmap has 9 bytes of rules; only empty (identity) is supported");
        AssertRefused(ModelFile.Usual().Trainer().Normalizer(escape: false), "normalizer_spec.escape_whitespaces is false; only true is supported");
        AssertRefused(ModelFile.Usual().Trainer().Denormalizer(new byte[3]), "denormalizer_spec.precompiled_charsmap has 3 bytes");
        AssertRefused(ModelFile.Usual().Trainer(more: [(24, 1)]), "trainer_spec.treat_whitespace_as_suffix is true");
    }

    [Fact]
    public void Parse_BadPiece_NamesItsNumber()
    {
        AssertRefused(ModelFile.Usual().Piece([0xc3, 0x28], 0, 1).Trainer(), "piece 259 is not valid UTF-8");
        AssertRefused(ModelFile.Usual().Piece("", 0).Trainer(), "piece 259 is empty");
        AssertRefused(ModelFile.Usual().Piece(new string('a', 513), 0).Trainer(), "piece 259 is 513 bytes long; it must be at most 512");
        AssertRefused(ModelFile.Usual().Piece("a", float.NaN).Trainer(), "piece 259 has score NaN and type 1");
        AssertRefused(ModelFile.Usual().Piece("a"u8.ToArray(), 0, 7).Trainer(), "piece 259 has score 0 and type 7");
        AssertRefused(ModelFile.Usual().Piece("a", 0).Piece("a", 1, PieceType.UserDefined).Trainer(), "piece 260, \"a\", is listed twice");
        AssertRefused(ModelFile.Usual().Piece("a", 0, PieceType.UserDefined).Piece("a", 1).Trainer(), "piece 260, \"a\", is listed twice");
        AssertRefused(ModelFile.Usual().Piece("<s>", 0, PieceType.Control).Trainer(), "piece 259, \"<s>\", is listed twice");
        AssertRefused(ModelFile.Usual().Piece("<?>", 0, PieceType.Unknown).Trainer(), "pieces 0 and 259 both stand for the unknown");
        AssertRefused(ModelFile.Usual().Piece("<0xzz>", 0, PieceType.Byte).Trainer(), "piece 259 is a byte, but reads \"<0xzz>\"");
    }

    [Fact]
    public void Parse_BadIds_NamesKeyAndId()
    {
        AssertRefused(ModelFile.Usual().Trainer(more: [(40, 259)]), "trainer_spec.unk_id is 259; it must be in [0, 258]");
        AssertRefused(ModelFile.Usual().Trainer(more: [(40, 1)]), "trainer_spec.unk_id is 1, but piece \"<s>\" is Control; it must be Unknown");
        AssertRefused(ModelFile.Usual().Trainer(more: [(41, 3)]), "trainer_spec.bos_id is 3, but piece \"<0x00>\" is Byte; it must be Control");
        AssertRefused(ModelFile.Usual().Trainer(more: [(42, 1000)]), "trainer_spec.eos_id is 1000");
    }

    [Fact]
    public void Parse_ByteFallbackWithoutBytes_NamesTheFirstMissing() =>
        AssertRefused(ModelFile.Usual(bytes: false).Trainer(), "trainer_spec.byte_fallback is true, but piece \"<0x00>\" is missing");

    [Theory]
    [InlineData(new byte[] { 0x0a }, "byte 1: a number is cut off")]
    [InlineData(new byte[] { 0x0a, 0x05, 0x00 }, "byte 2: field 1 is 5 bytes long, but 1 are left")]
    [InlineData(new byte[] { 0x08, 0x01 }, "field 1 has wire type 0; it must be 2")]
    [InlineData(new byte[] { 0x00 }, "field number 0 is not in [1, 536870911]")]
    [InlineData(new byte[] { 0x33 }, "field 6 has wire type 3; it must be 0, 1, 2 or 5")]
    [InlineData(new byte[] { 0x31, 1, 2, 3 }, "field 6 is cut off")]
    [InlineData(new byte[] { 0x30, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2 }, "a number is longer than 64 bits")]
    [InlineData(new byte[] { 0x0a, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1 }, "field 1 is 18446744073709551615 bytes long")]
    [InlineData(new byte[] { 0x12, 11, 0x18, 255, 255, 255, 255, 255, 255, 255, 255, 127, 0 }, "trainer_spec, byte 10: field 3 is 9223372036854775807; it must fit 32 bits")]
    [InlineData(new byte[] { 0x0a, 2, 0x15, 0 }, "piece 0, byte 1: field 2 is cut off")]
    public void Parse_MalformedProtobuf_NamesTheByte(byte[] bytes, string message)
    {
        var e = Assert.Throws<NasClusterException>(() => SentencePieceTokenizer.Parse(bytes, "dir/tok.model"));
        Assert.StartsWith("dir/tok.model", e.Message);
        Assert.Contains(message, e.Message);
    }

    [Fact]
    public void Open_MissingFile_NamesIt() =>
        Assert.StartsWith("/no/such.model: the tokenizer cannot be read", Assert.Throws<NasClusterException>(() => SentencePieceTokenizer.Open("/no/such.model")).Message);

    [Fact]
    public void Find_LooksWhereTheModelIs()
    {
        using var folder = new TemporaryDirectory();
        var model = folder.Write("model.bin", [1]);
        AssertMessage($"{model}: no .model file beside it; name its tokenizer with --tokenizer.", () => TokenizerFiles.Find(model));
        AssertMessage($"{folder.Root}: no tokenizer.model inside; name a SentencePiece .model file with --tokenizer.", () => TokenizerFiles.Find(folder.Root));
        var only = folder.Write("tok.model", ModelFile.Usual().Trainer().Normalizer().Bytes());
        Assert.Equal(only, TokenizerFiles.Find(model));
        var second = folder.Write("tokenizer.model", File.ReadAllBytes(only));
        Assert.Equal(second, TokenizerFiles.Find(folder.Root));
        AssertMessage($"{model}: 2 .model files beside it (tok.model, tokenizer.model); name its tokenizer with --tokenizer.", () => TokenizerFiles.Find(model));
        Assert.Equal(only, TokenizerFiles.Find(model, only));
        AssertMessage($"{only}x: no such tokenizer file.", () => TokenizerFiles.Find(model, only + "x"));

        Assert.Equal(259, TokenizerFiles.Open(model, only, 259).VocabularySize);
        AssertMessage($"{only}: the tokenizer has 259 pieces, but the model's vocabulary is 260; they must be equal.", () => TokenizerFiles.Open(model, only, 260));
    }

    [Fact]
    public void Find_JsonInDirectory_IsFoundAndReadByWhatReadsIt()
    {
        using var folder = new TemporaryDirectory();
        var json = folder.Write("tokenizer.json", "{}");
        Assert.Equal(json, TokenizerFiles.Find(folder.Root));
        AssertMessage(
            $"{json}: this build reads SentencePiece .model files only; name one with --tokenizer, or build the Cluster configuration.",
            () => TokenizerFiles.Open(folder.Root, null, 259));
        var other = ModelFile.Usual().Trainer().Normalizer().Open();
        Assert.Same(other, TokenizerFiles.OpenWith(path => path == json ? other : throw new InvalidOperationException(path), folder.Root, null, 259));
        AssertMessage(
            $"{json}: the tokenizer has 259 pieces, but the model's vocabulary is 260; they must be equal.",
            () => TokenizerFiles.OpenWith(_ => other, folder.Root, null, 260));

        var model = folder.Write("tokenizer.model", ModelFile.Usual().Trainer().Normalizer().Bytes());
        Assert.Equal(model, TokenizerFiles.Find(folder.Root));
    }

    [Fact]
    public void Parse_MutatedFiles_AcceptsOrRefuses()
    {
        byte[][] seeds =
        [
            ModelFile.Usual(bytes: false).Piece("a", -1).Piece("\u2581ab", -2).Piece("<u>", 0, PieceType.UserDefined).Trainer(byteFallback: false).Normalizer().Bytes(),
            new ModelFile().Trainer(byteFallback: false).Normalizer(removeExtra: true).Piece("?", 0, PieceType.Unknown).Piece("<s>", 0, PieceType.Control).Piece("</s>", 0, PieceType.Control).Piece("b", 3, PieceType.Unused).Piece("bb", 2).Bytes(),
        ];
        output.WriteLine(Fuzzer.Run(seeds, EncodeSomething).ToString());
    }

    [SharedDataFact("models/stories260K/tok512.model")]
    public void Parse_MutatedRealFile_AcceptsOrRefuses()
    {
        byte[][] seeds = [File.ReadAllBytes(SharedData.PathOf("models/stories260K/tok512.model"))];
        output.WriteLine(Fuzzer.Run(seeds, EncodeSomething).ToString());
    }

    // A file that is taken must also work.
    private static void EncodeSomething(byte[] file)
    {
        var tokenizer = SentencePieceTokenizer.Parse(file, "tok.model");
        tokenizer.Decode(tokenizer.Encode("abb <u> bbb\u20ac"));
    }

    private static void AssertMessage(string message, Func<object> action) => Assert.Equal(message, Assert.Throws<NasClusterException>(action).Message);

    private static void AssertRefused(ModelFile file, string message)
    {
        var e = Assert.Throws<NasClusterException>(file.Open);
        Assert.StartsWith("dir/tok.model: ", e.Message);
        Assert.Contains(message, e.Message);
    }
}
