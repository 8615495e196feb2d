using System.Buffers.Binary;
using System.Text;

namespace NasCluster.Llama.Tokenizers;

/// <summary>Makes SentencePiece <c>.model</c> files for vocabularies of whole words.</summary>
public static class SentencePieceFile
{
    private const int BpeModel = 2;

    /// <summary>A file whose pieces are taken from the text as they are, longest first, and never joined.</summary>
    /// <remarks>
    /// The ids: 0 <c>&lt;unk&gt;</c>, 1 <c>&lt;s&gt;</c>, 2 <c>&lt;/s&gt;</c>, then the pieces in their order, then unused ones. A space is put
    /// in front of a text, spaces are kept as they are, and what no piece covers is unknown: there are no byte pieces.
    /// </remarks>
    /// <param name="pieces">The pieces, each at least one character, each once; a space stands for a space.</param>
    /// <param name="size">How many ids there are.</param>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="ArgumentException">A piece is empty or there twice, or there are more than fit.</exception>
    public static byte[] OfWords(IReadOnlyList<string> pieces, int size)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        if (pieces.Count + 3 > size)
        {
            throw new ArgumentException($"There are {pieces.Count} pieces and three marks; they must fit {size} ids.", nameof(pieces));
        }

        var seen = new HashSet<string>(StringComparer.Ordinal) { "<unk>", "<s>", "</s>" };
        var model = new List<byte>();
        Add(model, "<unk>", PieceType.Unknown);
        Add(model, "<s>", PieceType.Control);
        Add(model, "</s>", PieceType.Control);
        foreach (var piece in pieces)
        {
            if (string.IsNullOrEmpty(piece) || !seen.Add(piece))
            {
                throw new ArgumentException($"The piece '{piece}' is {(string.IsNullOrEmpty(piece) ? "empty" : "there twice")}.", nameof(pieces));
            }

            Add(model, piece.Replace(' ', '\u2581'), PieceType.UserDefined);
        }

        for (var id = pieces.Count + 3; id < size; id++)
        {
            Add(model, $"<unused{id}>", PieceType.Unused);
        }

        Field(model, 2, Trainer(size));
        Field(model, 3, Normalizer());
        return [.. model];
    }

    private static byte[] Trainer(int size)
    {
        var message = new List<byte>();
        Field(message, 3, BpeModel);
        Field(message, 4, size);
        Field(message, 35, 0); // byte_fallback
        Field(message, 40, 0); // unk_id, and the ids of the other marks
        Field(message, 41, 1);
        Field(message, 42, 2);
        Field(message, 43, -1); // No piece for padding.
        return [.. message];
    }

    private static byte[] Normalizer()
    {
        var message = new List<byte>();
        Field(message, 1, "identity"u8);
        Field(message, 3, 1); // add_dummy_prefix
        Field(message, 4, 0); // remove_extra_whitespaces
        Field(message, 5, 1); // escape_whitespaces
        return [.. message];
    }

    private static void Add(List<byte> model, string text, PieceType type)
    {
        var message = new List<byte>();
        Field(message, 1, Encoding.UTF8.GetBytes(text));
        Varint(message, (2 << 3) | 5);
        Span<byte> score = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(score, 0);
        message.AddRange(score);
        Field(message, 3, (int)type);
        Field(model, 1, [.. message]);
    }

    private static void Field(List<byte> to, int field, ReadOnlySpan<byte> bytes)
    {
        Varint(to, ((ulong)field << 3) | 2);
        Varint(to, (ulong)bytes.Length);
        to.AddRange(bytes);
    }

    // Negative numbers are sign-extended to 64 bits.
    private static void Field(List<byte> to, int field, int value)
    {
        Varint(to, (ulong)field << 3);
        Varint(to, (ulong)(long)value);
    }

    private static void Varint(List<byte> to, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            to.Add((byte)(value | 0x80));
        }

        to.Add((byte)value);
    }
}
