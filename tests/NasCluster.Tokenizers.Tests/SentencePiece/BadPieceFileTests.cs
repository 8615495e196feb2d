using NasCluster.Core;
using NasCluster.Llama.Tokenizers;
using NasCluster.Testing;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Tokenizers.Tests.SentencePiece;

public class BadPieceFileTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, "unigram")]
    [InlineData(3, "word")]
    [InlineData(9, "9")]
    public void Parse_OtherModelType_NamesIt(int type, string name) =>
        AssertRefused(ModelFile.Usual().Trainer(type).Normalizer(), $"trainer_spec.model_type is {name}; only BPE is supported.");

    [Fact]
    public void Parse_Unsupported_NamesSetting()
    {
        AssertRefused(ModelFile.Usual().Trainer().Normalizer(rules: new byte[9]), "precompiled_charsmap has 9 bytes of rules; only empty (identity) is supported.");
        AssertRefused(ModelFile.Usual().Trainer().Denormalizer(new byte[3]), "precompiled_charsmap has 3 bytes of rules");
        AssertRefused(ModelFile.Usual().Trainer().Normalizer(escape: false), "normalizer_spec.escape_whitespaces is false; only true is supported.");
        AssertRefused(ModelFile.Usual().Trainer(more: [(24, 1)]), "trainer_spec.treat_whitespace_as_suffix is true; only false is supported.");
        AssertRefused(
            ModelFile.Usual().Piece("a", 0).Piece("ab", 0, PieceType.Unused).Trainer(),
            "piece 260, \"ab\", is unused, but text can become it; only unused pieces that no joins lead to are supported.");
    }

    [Fact]
    public void Parse_BadPiece_NamesItsNumber()
    {
        AssertRefused(ModelFile.Usual().Piece([0xc3, 0x28], 0, 1).Trainer(), "piece 259 has 2 bytes of text; it must be 1 to 512 bytes of valid UTF-8.");
        AssertRefused(ModelFile.Usual().Piece("", 0).Trainer(), "piece 259 has 0 bytes of text");
        AssertRefused(ModelFile.Usual().Piece(new string('a', 513), 0).Trainer(), "piece 259 has 513 bytes of text");
        AssertRefused(ModelFile.Usual().Piece("a", float.NaN).Trainer(), "piece 259 has score NaN and type 1");
        AssertRefused(ModelFile.Usual().Piece("a"u8.ToArray(), 0, 7).Trainer(), "piece 259 has score 0 and type 7");
        AssertRefused(ModelFile.Usual().Piece("a", 0).Piece("a", 1, PieceType.UserDefined).Trainer(), "piece 260, \"a\", is listed twice");
        AssertRefused(ModelFile.Usual().Piece("<?>", 0, PieceType.Unknown).Trainer(), "pieces 0 and 259 both stand for the unknown");
        AssertRefused(ModelFile.Usual().Piece("<0xzz>", 0, PieceType.Byte).Trainer(), "piece 259 is a byte, but reads \"<0xzz>\"");
        AssertRefused(ModelFile.Usual(bytes: false).Trainer(), "trainer_spec.byte_fallback is true, but piece \"<0x00>\" is missing");
    }

    [Fact]
    public void Parse_BadMarks_NamesKeyAndId()
    {
        AssertRefused(ModelFile.Usual().Trainer(more: [(40, 259)]), "trainer_spec.unk_id is 259; it must be in [0, 258].");
        AssertRefused(ModelFile.Usual().Trainer(more: [(41, 3)]), "trainer_spec.bos_id is 3, but piece \"<0x00>\" is Byte; it must be Control.");
        AssertRefused(ModelFile.Usual().Trainer(more: [(42, 1000)]), "trainer_spec.eos_id is 1000; it must be in [0, 258].");
    }

    [Theory]
    [InlineData(new byte[] { 0x0a, 0x05, 0x00 }, "tok.model, byte 0: no protobuf message")]
    [InlineData(new byte[] { 0x08, 0x01 }, "tok.model: field 1 has wire type 0; it must be 2.")]
    [InlineData(new byte[] { 0x00 }, "tok.model, byte 0: no protobuf message")]
    [InlineData(new byte[] { 0x33, 0x00 }, "tok.model, byte 0: wire type 3; it must be 0, 1, 2 or 5.")]
    [InlineData(new byte[] { 0x12, 10, 0x18, 255, 255, 255, 255, 255, 255, 255, 255, 127 }, "tok.model: trainer_spec: field 3 is 9223372036854775807; it must fit 32 bits.")]
    [InlineData(new byte[] { 0x1a, 2, 0x18, 1 }, "tok.model: the tokenizer has no pieces")]
    public void Parse_MalformedProtobuf_NamesThePlace(byte[] bytes, string message) =>
        Assert.StartsWith(message, Assert.Throws<NasClusterException>(() => MlTokenizers.Parse(bytes, "tok.model")).Message);

    [Fact]
    public void Parse_CutOffFile_IsRefused()
    {
        // Cut between two messages it is a whole file of fewer pieces; but the settings, without which it is no BPE, come last.
        var bytes = ModelFile.Usual().Trainer().Normalizer().Bytes();
        for (var length = 1; length < bytes.Length - 40; length += 7)
        {
            Assert.Throws<NasClusterException>(() => MlTokenizers.Parse(bytes[..length], "tok.model"));
        }
    }

    [Fact]
    public void Parse_MutatedFiles_AcceptsOrRefuses()
    {
        byte[][] seeds =
        [
            ModelFile.Usual(bytes: false).Piece("a", -1).Piece("\u2581ab", -2).Piece("<u>", 0, PieceType.UserDefined).Trainer(byteFallback: false).Normalizer().Bytes(),
            ModelFile.Usual(bytes: false).Piece("b", 3, PieceType.Unused).Piece("bb", 2).Trainer(byteFallback: false).Normalizer(removeExtra: true).Bytes(),
        ];
        output.WriteLine(Fuzzer.Run(seeds, EncodeSomething).ToString());
    }

    /// <summary>What this tokenizer takes, the portable one takes, too, and both encode it alike.</summary>
    [SharedDataFact("models/stories260K/tok512.model")]
    public void Parse_MutatedRealFile_WhatIsTakenAgreesWithThePortableTokenizer()
    {
        byte[][] seeds = [File.ReadAllBytes(SharedData.PathOf("models/stories260K/tok512.model"))];
        output.WriteLine(Fuzzer.Run(seeds, Agree).ToString());
    }

    // A file that is taken must also work.
    private static void EncodeSomething(byte[] file)
    {
        var tokenizer = MlTokenizers.Parse(file, "tok.model");
        tokenizer.Decode(tokenizer.Encode("abb <u> bbb\u20ac"));
    }

    private static void Agree(byte[] file)
    {
        var tokenizer = MlTokenizers.Parse(file, "tok.model");
        var portable = Llama.Tokenizers.SentencePieceTokenizer.Parse(file, "tok.model");
        foreach (var text in new[] { "Once upon a time, there was a little girl.", "abb <u>  bbb\u20ac<s>\n\ud83d\ude00" })
        {
            Assert.Equal(portable.Encode(text), tokenizer.Encode(text));
            Assert.Equal(portable.Decode(portable.Encode(text)), tokenizer.Decode(tokenizer.Encode(text)));
        }
    }

    private static void AssertRefused(ModelFile file, string message)
    {
        var e = Assert.Throws<NasClusterException>(() => MlTokenizers.Parse(file.Bytes(), "dir/tok.model"));
        Assert.StartsWith("dir/tok.model: ", e.Message);
        Assert.Contains(message, e.Message);
    }
}
