using System.Buffers.Binary;
using System.Text;
using NasCluster.Llama.Tokenizers;

namespace NasCluster.Testing;

/// <summary>Writes SentencePiece <c>.model</c> files, right or wrong.</summary>
public sealed class ModelFile
{
    private readonly List<byte> _bytes = [];

    /// <summary>Pieces so far.</summary>
    public int Count { get; private set; }

    /// <summary>A vocabulary with the usual three pieces in front, then all bytes if asked for.</summary>
    public static ModelFile Usual(bool bytes = true)
    {
        var file = new ModelFile().Piece("<unk>", 0, PieceType.Unknown).Piece("<s>", 0, PieceType.Control).Piece("</s>", 0, PieceType.Control);
        for (var b = 0; bytes && b < 256; b++)
        {
            file.Piece($"<0x{b:X2}>", 0, PieceType.Byte);
        }

        return file;
    }

    public ModelFile Piece(string text, float score, PieceType type = PieceType.Normal) => Piece(Encoding.UTF8.GetBytes(text), score, (int)type);

    public ModelFile Piece(byte[] text, float score, int type)
    {
        var message = new List<byte>();
        Field(message, 1, text);
        message.Add((2 << 3) | 5);
        var bits = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bits, score);
        message.AddRange(bits);
        Field(message, 3, type);
        Field(_bytes, 1, [.. message]);
        Count++;
        return this;
    }

    public ModelFile Trainer(int modelType = 2, bool byteFallback = true, params (int Field, int Value)[] more)
    {
        var message = new List<byte>();
        Field(message, 3, modelType);
        Field(message, 35, byteFallback ? 1 : 0);
        foreach (var (field, value) in more)
        {
            Field(message, field, value);
        }

        Field(_bytes, 2, [.. message]);
        return this;
    }

    public ModelFile Normalizer(bool dummyPrefix = true, bool removeExtra = false, byte[]? rules = null, bool escape = true)
    {
        var message = new List<byte>();
        Field(message, 1, "identity"u8.ToArray());
        Field(message, 2, rules ?? []);
        Field(message, 3, dummyPrefix ? 1 : 0);
        Field(message, 4, removeExtra ? 1 : 0);
        Field(message, 5, escape ? 1 : 0);
        Field(_bytes, 3, [.. message]);
        return this;
    }

    public ModelFile Denormalizer(byte[] rules)
    {
        var message = new List<byte>();
        Field(message, 2, rules);
        Field(_bytes, 5, [.. message]);
        return this;
    }

    public byte[] Bytes() => [.. _bytes];

    public SentencePieceTokenizer Open() => SentencePieceTokenizer.Parse(Bytes(), "dir/tok.model");

    public static void Varint(List<byte> to, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            to.Add((byte)(value | 0x80));
        }

        to.Add((byte)value);
    }

    private static void Field(List<byte> to, int field, byte[] bytes)
    {
        Varint(to, ((ulong)field << 3) | 2);
        Varint(to, (ulong)bytes.Length);
        to.AddRange(bytes);
    }

    private static void Field(List<byte> to, int field, int value)
    {
        Varint(to, (ulong)field << 3);
        Varint(to, (ulong)(long)value);
    }
}
