using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NasCluster.Tokenizers.Tests.ByteLevel;

/// <summary>A vocabulary as <c>tokenizer.json</c> in LLaMA-3's layout.</summary>
internal static class LearnedJson
{
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Of(LearnedVocabulary vocabulary, bool takesTokens = true, bool pairsAsLists = false)
    {
        var names = vocabulary.Tokens.Select(Name).ToArray();
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["added_tokens"] = new JsonArray(Mark("<|begin_of_text|>", names.Length), Mark("<|end_of_text|>", names.Length + 1), Mark("<|eot_id|>", names.Length + 2)),
            ["normalizer"] = null,
            ["pre_tokenizer"] = JsonNode.Parse(
                """
                { "type": "Sequence", "pretokenizers": [
                  { "type": "Split", "behavior": "Isolated", "invert": false, "pattern": { "Regex":
                    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+" } },
                  { "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false } ] }
                """),
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["ignore_merges"] = takesTokens,
                ["vocab"] = new JsonObject(names.Select((name, id) => KeyValuePair.Create(name, (JsonNode?)id))),
                ["merges"] = new JsonArray([.. vocabulary.Merges.Select(m => Pair(Name(m.Left), Name(m.Right), pairsAsLists))]),
            },
        };
    }

    public static JsonObject Mark(string text, int id, bool isSpecial = true) => new()
    {
        ["id"] = id,
        ["content"] = text,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = isSpecial,
    };

    public static byte[] Bytes(JsonNode file) => Encoding.UTF8.GetBytes(file.ToJsonString(AsWritten));

    private static JsonNode Pair(string left, string right, bool asList) => asList ? new JsonArray(left, right) : $"{left} {right}";

    // Bytes that print as themselves do so; the others count up from U+0100.
    private static string Name(string bytes)
    {
        var printed = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
            + string.Concat(Enumerable.Range(0xa1, 12).Concat(Enumerable.Range(0xae, 82)).Select(c => (char)c));
        var others = Enumerable.Range(0, 256).Select(b => (char)b).Where(b => !printed.Contains(b)).ToList();
        return string.Concat(bytes.Select(b => printed.Contains(b) ? b : (char)(0x100 + others.IndexOf(b))));
    }
}
