using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.ML.Tokenizers;
using NasCluster.Core;

namespace NasCluster.Tokenizers.ByteLevel;

/// <summary>Hugging Face's <c>tokenizer.json</c>, where it is byte-level BPE: LLaMA-3 and smaller networks of its make.</summary>
internal static class JsonFile
{
    private static readonly string[] Beginnings = ["<|begin_of_text|>", "<s>"];
    private static readonly string[] Ends = ["<|end_of_text|>", "</s>", "<|endoftext|>"];

    /// <summary>Reads a file and checks it.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">For messages.</param>
    /// <exception cref="NasClusterException">It is malformed, or what it asks for is not supported.</exception>
    public static ByteLevelModel Read(byte[] bytes, string file)
    {
        try
        {
            var text = bytes.AsMemory(bytes.AsSpan().StartsWith("\ufeff"u8) ? 3 : 0);
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(new JsonField(document.RootElement, "", file));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter is for text with half a surrogate pair, and for what the library refuses.
            throw new NasClusterException($"{file}: no tokenizer.json that can be read: {FileText.OneLine(e.Message)}", e);
        }
    }

    private static ByteLevelModel Read(JsonField root)
    {
        var model = root.Get("model");
        CheckModel(model);
        var normalizer = root.Get("normalizer");
        if (normalizer.IsThere)
        {
            throw normalizer.Fail($"is {normalizer.Shown()}", "only null is supported");
        }

        var patterns = JsonPatterns.Read(root.Get("pre_tokenizer"));
        var vocabulary = new JsonVocabulary(root);
        var library = BpeTokenizer.Create(new BpeOptions(vocabulary.Names)
        {
            ByteLevel = true,
            Merges = Merges(model, vocabulary),
            PreTokenizer = new ChunkSplitter(patterns, vocabulary.Added.Keys),
            SpecialTokens = WholeChunks(vocabulary, model.Get("ignore_merges").Flag()),
        });
        return new ByteLevelModel(
            vocabulary.Tokens,
            Mark(vocabulary, Beginnings),
            Mark(vocabulary, Ends) ?? throw root.Get("added_tokens").Fail("has no end mark", $"one of {string.Join(", ", Ends)} must be there, as special"),
            library);
    }

    private static void CheckModel(JsonField model)
    {
        var type = model.Get("type");
        if (type.TextOrEmpty() != "BPE")
        {
            throw type.Fail($"is {type.Shown()}", "only BPE is supported");
        }

        if (model.Get("byte_fallback").Flag())
        {
            throw model.Get("byte_fallback").Fail(
                "is true", "that is a SentencePiece vocabulary, which is read from its tokenizer.model: put that in its place");
        }

        foreach (var affix in new[] { model.Get("continuing_subword_prefix"), model.Get("end_of_word_suffix") })
        {
            if (affix.TextOrEmpty().Length > 0)
            {
                throw affix.Fail($"is {affix.Shown()}", "only none is supported");
            }
        }

        if (model.Get("dropout").IsThere)
        {
            throw model.Get("dropout").Fail($"is {model.Get("dropout").Shown()}", "only null is supported");
        }
    }

    private static List<string> Merges(JsonField model, JsonVocabulary vocabulary)
    {
        var merges = new List<string>();
        foreach (var merge in model.Get("merges").Items())
        {
            // Older files write a pair as one text, newer ones as a list.
            string[] pair = merge.Value.ValueKind == JsonValueKind.Array ? [.. merge.Items().Select(i => i.Text())] : merge.Text().Split(' ');
            if (pair.Length != 2 || !pair.Append(string.Concat(pair)).All(vocabulary.Names.ContainsKey))
            {
                throw merge.Fail($"is {merge.Shown()}", "it must be two tokens of the vocabulary that make a third");
            }

            merges.Add($"{pair[0]} {pair[1]}");
        }

        return merges;
    }

    // What the library calls special it takes for a chunk that is the same text, and looks for nowhere else.
    private static Dictionary<string, int> WholeChunks(JsonVocabulary vocabulary, bool takesTokens)
    {
        var chunks = new Dictionary<string, int>(vocabulary.Added, StringComparer.Ordinal);
        foreach (var (name, id) in takesTokens ? vocabulary.Names : [])
        {
            var bytes = ByteAlphabet.BytesOf(name)!;
            if (Utf8.IsValid(bytes))
            {
                chunks.TryAdd(Encoding.UTF8.GetString(bytes), id);
            }
        }

        return chunks;
    }

    private static int? Mark(JsonVocabulary vocabulary, string[] names) =>
        names.Where(vocabulary.Marks.ContainsKey).Select(name => (int?)vocabulary.Marks[name]).FirstOrDefault();
}
