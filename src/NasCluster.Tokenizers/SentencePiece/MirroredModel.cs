using Google.Protobuf;
using Microsoft.ML.Tokenizers;
using NasCluster.Core;

namespace NasCluster.Tokenizers.SentencePiece;

/// <summary>The library's joining of pieces, made to do what SentencePiece does.</summary>
/// <remarks>
/// Of two joins with the same score SentencePiece makes the left one first, Microsoft.ML.Tokenizers 2.0.1 the right one: "!!!!!!" becomes other ids, as 2
/// of the 47 published LLaMA-2 vectors show. So it is given everything in a mirror: pieces and text written backwards, where right is left.
/// It also joins letters into marks and byte pieces, and fails on unused ones; here these have names that no text can have.
/// </remarks>
internal sealed class MirroredModel
{
    private const int Bpe = 2;
    private readonly IReadOnlyList<Piece> _pieces;
    private readonly int _unknownId;
    private readonly Microsoft.ML.Tokenizers.SentencePieceTokenizer _library;

    /// <exception cref="NasClusterException">The library does not take the model, or it has an unused piece that text leads to.</exception>
    public MirroredModel(PieceFile model, string file)
    {
        _pieces = model.Pieces;
        _unknownId = model.UnknownId;
        try
        {
            _library = LlamaTokenizer.Create(new MemoryStream(Write(model)), addBeginOfSentence: false, addEndOfSentence: false);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            throw new NasClusterException($"{file}: the library that encodes does not take this model: {FileText.OneLine(e.Message)}", e);
        }

        RefuseUnused(file);
    }

    /// <summary>The ids of a stretch of text; characters that no piece covers become the unknown id, one each.</summary>
    /// <param name="text">Well-formed, with U+2581 for every space.</param>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        var ids = _library.EncodeToIds(Mirror(text), addBeginningOfSentence: false, addEndOfSentence: false, considerNormalization: false);
        var encoded = new int[ids.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            encoded[^(i + 1)] = ids[i];
        }

        return encoded;
    }

    // SentencePiece takes an unused piece apart again into what it was joined from, which the library does not tell.
    private void RefuseUnused(string file)
    {
        for (var id = 0; id < _pieces.Count; id++)
        {
            var piece = _pieces[id];
            if (piece.Kind == PieceKind.Unused && piece.Text.EnumerateRunes().Skip(1).Any() && Encode(piece.Text) is [var made] && made == id)
            {
                throw new NasClusterException(
                    $"{file}: piece {id}, {FileText.Quote(piece.Text)}, is unused, but text can become it; "
                    + "only unused pieces that no joins lead to are supported.");
            }
        }
    }

    private byte[] Write(PieceFile model)
    {
        var bytes = new MemoryStream();
        using var output = new CodedOutputStream(bytes, leaveOpen: true);
        for (var id = 0; id < model.Pieces.Count; id++)
        {
            WritePiece(output, id);
        }

        WriteMessage(output, 2, trainer =>
        {
            WriteNumber(trainer, 3, Bpe);
            WriteNumber(trainer, 35, 0); // byte_fallback: bytes are written here, where their ids are known.
            WriteNumber(trainer, 40, _unknownId);
        });
        WriteMessage(output, 3, normalizer =>
        {
            normalizer.WriteTag(1, WireFormat.WireType.LengthDelimited);
            normalizer.WriteString("identity");
        });
        output.Flush();
        return bytes.ToArray();
    }

    private void WritePiece(CodedOutputStream output, int id)
    {
        var piece = _pieces[id];

        // A space is in no text that is encoded, for it is U+2581 there.
        var canBeJoined = piece.Kind is PieceKind.Normal or PieceKind.Unused && !piece.Text.Contains(' ');
        var name = canBeJoined ? Mirror(piece.Text) : $" {id}";
        var kind = (int)(id == _unknownId ? PieceKind.Unknown : PieceKind.Normal);
        output.WriteTag(1, WireFormat.WireType.LengthDelimited);

        // Three tags of one byte, and the values. A stream of its own for each piece would cost kilobytes.
        output.WriteLength(3 + CodedOutputStream.ComputeStringSize(name) + sizeof(float) + CodedOutputStream.ComputeInt32Size(kind));
        output.WriteTag(1, WireFormat.WireType.LengthDelimited);
        output.WriteString(name);
        output.WriteTag(2, WireFormat.WireType.Fixed32);
        output.WriteFloat(piece.Score);
        WriteNumber(output, 3, kind);
    }

    private static void WriteMessage(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        var bytes = new MemoryStream();
        using (var message = new CodedOutputStream(bytes, leaveOpen: true))
        {
            write(message);
        }

        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes.ToArray()));
    }

    private static void WriteNumber(CodedOutputStream output, int field, int value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt32(value);
    }

    private static string Mirror(ReadOnlySpan<char> text)
    {
        var mirrored = new char[text.Length];
        var end = text.Length;
        foreach (var rune in text.EnumerateRunes())
        {
            end -= rune.Utf16SequenceLength;
            rune.EncodeToUtf16(mirrored.AsSpan(end));
        }

        return new string(mirrored);
    }
}
