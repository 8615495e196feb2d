using System.Text;
using System.Text.Unicode;
using Google.Protobuf;
using NasCluster.Core;

namespace NasCluster.Tokenizers.SentencePiece;

/// <summary>What of a SentencePiece <c>.model</c> file decides how it encodes and decodes.</summary>
/// <remarks>The library reads such files too, but tells neither the kinds of pieces nor most settings, and passes over some that it does not follow.</remarks>
internal sealed class PieceFile
{
    private const int LongestPiece = 512;
    private readonly List<Piece> _pieces = [];

    public IReadOnlyList<Piece> Pieces => _pieces;

    public int ModelType { get; private set; } = 1;

    public bool ByteFallback { get; private set; }

    public bool TreatWhitespaceAsSuffix { get; private set; }

    public bool AddDummyPrefix { get; private set; } = true;

    public bool RemoveExtraWhitespaces { get; private set; } = true;

    public bool EscapeWhitespaces { get; private set; } = true;

    /// <summary>Bytes of rules that change characters, on the way in or out.</summary>
    public int CharacterRules { get; private set; }

    /// <summary>What an unknown piece decodes to, in UTF-8.</summary>
    public byte[] UnknownSurface { get; private set; } = " \u2047 "u8.ToArray();

    public int UnknownId { get; private set; }

    /// <summary>-1 when there is none.</summary>
    public int BeginningId { get; private set; } = 1;

    /// <summary>-1 when there is none.</summary>
    public int EndId { get; private set; } = 2;

    /// <summary>Reads a file and checks it.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">For messages.</param>
    /// <exception cref="NasClusterException">Malformed, or a model that would be encoded wrongly.</exception>
    public static PieceFile Read(byte[] bytes, string file)
    {
        var model = new PieceFile();
        foreach (var field in ProtobufField.ReadAll(UnsafeByteOperations.UnsafeWrap(bytes), file))
        {
            switch (field.Number)
            {
                case 1:
                    model.ReadPiece(field.Bytes(), $"{file}: piece {model._pieces.Count}");
                    break;
                case 2:
                    model.ReadTrainer(field.Bytes(), $"{file}: trainer_spec");
                    break;
                case 3:
                    model.ReadNormalizer(field.Bytes(), $"{file}: normalizer_spec");
                    break;
                case 5:
                    model.ReadDenormalizer(field.Bytes(), $"{file}: denormalizer_spec");
                    break;
            }
        }

        PieceFileRules.Check(model, file);
        return model;
    }

    private void ReadPiece(ByteString message, string place)
    {
        var text = ByteString.Empty;
        var score = 0f;
        var kind = (int)PieceKind.Normal;
        foreach (var field in ProtobufField.ReadAll(message, place))
        {
            switch (field.Number)
            {
                case 1:
                    text = field.Bytes();
                    break;
                case 2:
                    score = field.Float();
                    break;
                case 3:
                    kind = field.Int32();
                    break;
            }
        }

        if (text.Length is 0 or > LongestPiece || !Utf8.IsValid(text.Span))
        {
            throw new NasClusterException($"{place} has {text.Length} bytes of text; it must be 1 to {LongestPiece} bytes of valid UTF-8.");
        }

        if (!float.IsFinite(score) || kind is < (int)PieceKind.Normal or > (int)PieceKind.Byte)
        {
            throw new NasClusterException($"{place} has score {score} and type {kind}; the score must be finite and the type in [1, 6].");
        }

        _pieces.Add(new Piece(Encoding.UTF8.GetString(text.Span), score, (PieceKind)kind));
    }

    private void ReadTrainer(ByteString message, string place)
    {
        foreach (var field in ProtobufField.ReadAll(message, place))
        {
            switch (field.Number)
            {
                case 3:
                    ModelType = field.Int32();
                    break;
                case 24:
                    TreatWhitespaceAsSuffix = field.Bool();
                    break;
                case 35:
                    ByteFallback = field.Bool();
                    break;
                case 40:
                    UnknownId = field.Int32();
                    break;
                case 41:
                    BeginningId = field.Int32();
                    break;
                case 42:
                    EndId = field.Int32();
                    break;
                case 44:
                    UnknownSurface = field.Bytes().ToByteArray();
                    break;
            }
        }
    }

    private void ReadNormalizer(ByteString message, string place)
    {
        foreach (var field in ProtobufField.ReadAll(message, place))
        {
            switch (field.Number)
            {
                case 2:
                    CharacterRules += field.Bytes().Length;
                    break;
                case 3:
                    AddDummyPrefix = field.Bool();
                    break;
                case 4:
                    RemoveExtraWhitespaces = field.Bool();
                    break;
                case 5:
                    EscapeWhitespaces = field.Bool();
                    break;
            }
        }
    }

    private void ReadDenormalizer(ByteString message, string place) =>
        CharacterRules += ProtobufField.ReadAll(message, place).Where(f => f.Number == 2).Sum(f => f.Bytes().Length);
}
