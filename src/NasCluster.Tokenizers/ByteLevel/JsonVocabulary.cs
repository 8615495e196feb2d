using System.Text;

namespace NasCluster.Tokenizers.ByteLevel;

/// <summary>The ids of a <c>tokenizer.json</c>: <c>model.vocab</c> and <c>added_tokens</c>.</summary>
internal sealed class JsonVocabulary
{
    private readonly Dictionary<int, byte[]?> _byId = [];

    /// <exception cref="Core.NasClusterException">An id is there twice or missing, or a name is not written in bytes.</exception>
    public JsonVocabulary(JsonField root)
    {
        foreach (var token in root.Get("added_tokens").Items())
        {
            Add(token);
        }

        var vocabulary = root.Get("model").Get("vocab");
        foreach (var (name, id) in vocabulary.Members())
        {
            Add(name, id);
        }

        for (var id = 0; id < _byId.Count; id++)
        {
            if (!_byId.ContainsKey(id))
            {
                throw vocabulary.Fail($"and added_tokens have {_byId.Count} ids, but not {id}", $"they must be 0 to {_byId.Count - 1}");
            }
        }

        for (var value = 0; value < 256; value++)
        {
            if (!Names.ContainsKey($"{ByteAlphabet.LetterOf((byte)value)}"))
            {
                throw vocabulary.Fail($"has no token for the byte 0x{value:X2} alone", "all 256 bytes need one");
            }
        }
    }

    /// <summary>Marks, which are never made from text.</summary>
    public Dictionary<string, int> Marks { get; } = new(StringComparer.Ordinal);

    /// <summary>Tokens that are looked for in the text before anything is joined.</summary>
    public Dictionary<string, int> Added { get; } = new(StringComparer.Ordinal);

    /// <summary>What comes about by joining bytes, as the file writes it.</summary>
    public Dictionary<string, int> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>The bytes of each id; null for a mark.</summary>
    public byte[]?[] Tokens => [.. _byId.OrderBy(t => t.Key).Select(t => t.Value)];

    private void Add(JsonField token)
    {
        var content = token.Get("content");
        var text = content.Text();
        var id = token.Get("id").Id();
        var isMark = token.Get("special").Flag();
        if (text.Length == 0 || !(isMark ? Marks : Added).TryAdd(text, id))
        {
            throw content.Fail($"is {content.Shown()}", "it must not be empty, and there once");
        }

        if (!_byId.TryAdd(id, isMark ? null : Encoding.UTF8.GetBytes(text)))
        {
            throw token.Get("id").Fail($"is {id}, which another token has", "each id may be there once");
        }

        if (!isMark)
        {
            token.Get("lstrip").MustNotBeSet();
            token.Get("rstrip").MustNotBeSet();
            token.Get("single_word").MustNotBeSet();
        }
    }

    private void Add(string name, JsonField field)
    {
        var id = field.Id();
        if (Marks.TryGetValue(name, out var mark) || Added.TryGetValue(name, out mark))
        {
            // Some files list added tokens in the vocabulary, too.
            if (mark != id)
            {
                throw field.Fail($"is {id}, but {mark} in added_tokens", "they must be equal");
            }

            return;
        }

        var bytes = ByteAlphabet.BytesOf(name);
        if (bytes is null or [])
        {
            throw field.Fail("is no token of bytes", "byte-level BPE writes each byte as one of 256 letters");
        }

        if (!_byId.TryAdd(id, bytes))
        {
            throw field.Fail($"is {id}, which another token has", "each id may be there once");
        }

        Names.Add(name, id);
    }
}
