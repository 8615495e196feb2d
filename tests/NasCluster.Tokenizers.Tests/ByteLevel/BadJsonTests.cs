using System.Text;
using System.Text.Json.Nodes;
using NasCluster.Core;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Tokenizers.Tests.ByteLevel;

public class BadJsonTests(ITestOutputHelper output)
{
    private static readonly LearnedVocabulary Vocabulary = LearnedVocabulary.Learn(40);

    [Theory]
    [InlineData("WordPiece")]
    [InlineData("Unigram")]
    [InlineData("WordLevel")]
    public void Parse_OtherModelType_NamesIt(string type) =>
        AssertRefused($"model.type is \"{type}\"; only BPE is supported.", json => json["model"] = new JsonObject { ["type"] = type, ["vocab"] = new JsonArray() });

    [Fact]
    public void Parse_SentencePieceVocabulary_SaysWhatToUseInstead() => AssertRefused(
        "model.byte_fallback is true; that is a SentencePiece vocabulary, which is read from its tokenizer.model: put that in its place.",
        json => json["model"]!["byte_fallback"] = true);

    [Fact]
    public void Parse_Unsupported_NamesTheKey()
    {
        AssertRefused("normalizer is {\"type\":\"NFC\"}; only null is supported.", json => json["normalizer"] = JsonNode.Parse("""{"type":"NFC"}"""));
        AssertRefused("model.dropout is 0.1; only null is supported.", json => json["model"]!["dropout"] = 0.1);
        AssertRefused("model.end_of_word_suffix is \"@@\"; only none is supported.", json => json["model"]!["end_of_word_suffix"] = "@@");
        AssertRefused("pre_tokenizer is missing; only byte-level BPE is supported.", json => json["pre_tokenizer"] = null);
        AssertRefused("pre_tokenizer does not end with ByteLevel; only byte-level BPE is supported.", json => Steps(json).RemoveAt(1));
        AssertRefused("pre_tokenizer.pretokenizers[1].add_prefix_space is true; only false is supported.", json => Steps(json)[1]!["add_prefix_space"] = true);
        AssertRefused("pre_tokenizer.pretokenizers[0].type is \"Metaspace\"; only Split, Digits and", json => Steps(json)[0]!["type"] = "Metaspace");
        AssertRefused("pre_tokenizer.pretokenizers[0].behavior is \"Removed\"; only Isolated is supported.", json => Steps(json)[0]!["behavior"] = "Removed");
        AssertRefused("pre_tokenizer.pretokenizers[0].invert is true; only false is supported.", json => Steps(json)[0]!["invert"] = true);
        AssertRefused(
            "pre_tokenizer.pretokenizers[0].pattern.Regex is \"(a+)+$\"; only LLaMA-3's pattern is supported.", json => Steps(json)[0]!["pattern"]!["Regex"] = "(a+)+$");
        AssertRefused("added_tokens[3].lstrip is true; only false is supported.", json =>
        {
            var token = LearnedJson.Mark("<t>", Vocabulary.Tokens.Count + 3, isSpecial: false);
            token["lstrip"] = true;
            json["added_tokens"]!.AsArray().Add((JsonNode)token);
        });
    }

    [Fact]
    public void Parse_BadIds_NamesTheToken()
    {
        AssertRefused("model.vocab[\"b\"] is 98, which another token has; each id may be there once.", json => json["model"]!["vocab"]!["a"] = 98);
        AssertRefused("model.vocab[\"a\"] is -1; it must be a whole number from 0.", json => json["model"]!["vocab"]!["a"] = -1);
        AssertRefused("model.vocab[\"a\"] is 1.5; it must be a whole number from 0.", json => json["model"]!["vocab"]!["a"] = 1.5);
        AssertRefused("model.vocab and added_tokens have 302 ids, but not 97; they must be 0 to 301.", json => json["model"]!["vocab"]!["a"] = 5000);
        AssertRefused("model.vocab has no token for the byte 0x61 alone; all 256 bytes need one.", json =>
        {
            json["model"]!["vocab"]!.AsObject().Remove("a");
            json["model"]!["vocab"]!["aq"] = 97;
        });
        AssertRefused("model.vocab[\"\u4f60\"] is no token of bytes; byte-level BPE writes each byte as one of 256 letters.", json => json["model"]!["vocab"]!["\u4f60"] = 302);
        AssertRefused("added_tokens[1].id is 299, which another token has", json => json["added_tokens"]!.AsArray().Insert(0, LearnedJson.Mark("<t>", 299)));
        AssertRefused("added_tokens[2].content is \"<|end_of_text|>\"; it must not be empty, and there once.", json => json["added_tokens"]!.AsArray().Insert(0, LearnedJson.Mark("<|end_of_text|>", 302)));
        AssertRefused("model.vocab[\"<|eot_id|>\"] is 302, but 301 in added_tokens; they must be equal.", json => json["model"]!["vocab"]!["<|eot_id|>"] = 302);
    }

    [Fact]
    public void Parse_MissingMarks_SaysWhichThereMayBe() => AssertRefused(
        "added_tokens has no end mark; one of <|end_of_text|>, </s>, <|endoftext|> must be there, as special.",
        json => json["added_tokens"]![1]!["content"] = "<|other|>");

    [Theory]
    [InlineData("\"a\"", "model.merges[0] is \"a\"; it must be two tokens of the vocabulary that make a third.")]
    [InlineData("\"a  b\"", "model.merges[0] is \"a  b\"")]
    [InlineData("[\"a\"]", "model.merges[0] is [\"a\"]")]
    [InlineData("[\"q\", \"q\"]", "model.merges[0] is [\"q\",\"q\"]; it must be two tokens of the vocabulary that make a third.")]
    [InlineData("[1, 2]", "model.merges[0][0] is 1; it must be text.")]
    [InlineData("7", "model.merges[0] is 7; it must be text.")]
    public void Parse_BadMerge_NamesItsPlace(string merge, string message) =>
        AssertRefused(message, json => json["model"]!["merges"]!.AsArray().Insert(0, JsonNode.Parse(merge)));

    [Theory]
    [InlineData("{", "no tokenizer.json that can be read: ")]
    [InlineData("{\"model\": nothing}", "no tokenizer.json that can be read: ")]
    [InlineData("{\"model\": {}, \"model\": {}}", "no tokenizer.json that can be read: ")]
    [InlineData("{\"model\": {\"type\": \"\\ud800\"}}", "no tokenizer.json that can be read: ")]
    [InlineData("[]", "the file is []; it must be an object.")]
    [InlineData("{}", "model.type is missing; only BPE is supported.")]
    [InlineData("{\"model\": 5}", "model is 5; it must be an object.")]
    public void Parse_NoTokenizer_SaysSo(string text, string message) => Assert.StartsWith(
        $"dir/tokenizer.json: {message}", Assert.Throws<NasClusterException>(() => MlTokenizers.Parse(Encoding.UTF8.GetBytes(text), "dir/tokenizer.json")).Message);

    [Fact]
    public void Parse_CutOffFile_IsRefused()
    {
        var bytes = LearnedJson.Bytes(LearnedJson.Of(Vocabulary));
        for (var length = 1; length < bytes.Length; length += 97)
        {
            Assert.Throws<NasClusterException>(() => MlTokenizers.Parse(bytes[..length], "tokenizer.json"));
        }
    }

    [Fact]
    public void Parse_MutatedFiles_AcceptsOrRefuses()
    {
        byte[][] seeds = [LearnedJson.Bytes(LearnedJson.Of(Vocabulary)), LearnedJson.Bytes(LearnedJson.Of(Vocabulary, takesTokens: false, pairsAsLists: true))];
        var options = new FuzzOptions { Words = ["\"special\":false", "ByteLevel", "Digits", "ignore_merges", "null", "\\ud800", "{}"] };
        output.WriteLine(Fuzzer.Run(seeds, file =>
        {
            // A file that is taken must also work.
            var tokenizer = MlTokenizers.Parse(file, "tokenizer.json");
            tokenizer.Decode(tokenizer.Encode("the other things \u20ac\ud83d\ude00 <|end_of_text|>\0"));
        }, options).ToString());
    }

    private static JsonArray Steps(JsonObject json) => json["pre_tokenizer"]!["pretokenizers"]!.AsArray();

    private static void AssertRefused(string message, Action<JsonObject> change)
    {
        var json = LearnedJson.Of(Vocabulary);
        change(json);
        var e = Assert.Throws<NasClusterException>(() => MlTokenizers.Parse(LearnedJson.Bytes(json), "dir/tokenizer.json"));
        Assert.StartsWith("dir/tokenizer.json: " + message, e.Message);
    }
}
