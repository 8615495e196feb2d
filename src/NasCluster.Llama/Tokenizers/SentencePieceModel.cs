using System.Text;
using NasCluster.Core;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Tokenizers;

/// <summary>What a piece is for; the numbers are those of the file format.</summary>
public enum PieceType
{
    /// <summary>Comes about by merging.</summary>
    Normal = 1,

    /// <summary>Stands for what nothing else covers.</summary>
    Unknown = 2,

    /// <summary>A mark, such as the beginning of a sequence; never made from text.</summary>
    Control = 3,

    /// <summary>Found in the text before anything is merged.</summary>
    UserDefined = 4,

    /// <summary>There to keep an id; never made.</summary>
    Unused = 5,

    /// <summary>One byte of what no other piece covers.</summary>
    Byte = 6,
}

/// <summary>One entry of the vocabulary.</summary>
/// <param name="Text">Well-formed UTF-8, at least one byte; spaces are U+2581.</param>
/// <param name="Score">Merges into higher-scored pieces come first. Finite.</param>
/// <param name="Type">What it is for.</param>
internal readonly record struct Piece(byte[] Text, float Score, PieceType Type);

/// <summary>The contents of a SentencePiece <c>.model</c> file that decide how a BPE vocabulary encodes and decodes.</summary>
internal sealed class SentencePieceModel
{
    private const int Bpe = 2;
    private const int LongestPiece = 512;
    private static readonly string[] ModelTypes = ["0", "unigram", "BPE", "word", "character"];
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private readonly string _file;
    private readonly List<Piece> _pieces = [];
    private int _modelType = 1;

    private SentencePieceModel(string file) => _file = file;

    public IReadOnlyList<Piece> Pieces => _pieces;

    public bool ByteFallback { get; private set; }

    public bool AddDummyPrefix { get; private set; } = true;

    public bool RemoveExtraWhitespaces { get; private set; } = true;

    /// <summary>What an unknown piece decodes to.</summary>
    public byte[] UnknownSurface { get; private set; } = " \u2047 "u8.ToArray();

    public int UnknownId { get; private set; }

    /// <summary>-1 when there is none.</summary>
    public int BeginningId { get; private set; } = 1;

    /// <summary>-1 when there is none.</summary>
    public int EndId { get; private set; } = 2;

    /// <param name="message">The whole file.</param>
    /// <param name="file">For messages.</param>
    /// <exception cref="NasClusterException">Malformed, or a model that would be encoded wrongly.</exception>
    public static SentencePieceModel Parse(ReadOnlySpan<byte> message, string file)
    {
        var model = new SentencePieceModel(file);
        var reader = new ProtobufReader(message, file);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    model.ReadPiece(reader.Bytes());
                    break;
                case 2:
                    model.ReadTrainer(reader.Bytes());
                    break;
                case 3:
                    model.ReadNormalizer(reader.Bytes());
                    break;
                case 5:
                    model.ReadDenormalizer(reader.Bytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        model.Validate();
        return model;
    }

    private void ReadPiece(ReadOnlySpan<byte> message)
    {
        var place = $"{_file}: piece {_pieces.Count}";
        var reader = new ProtobufReader(message, place);
        ReadOnlySpan<byte> text = default;
        var score = 0f;
        var type = (int)PieceType.Normal;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    text = reader.Bytes();
                    break;
                case 2:
                    score = reader.Float();
                    break;
                case 3:
                    type = reader.Integer();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (text.IsEmpty || !System.Text.Unicode.Utf8.IsValid(text))
        {
            throw new NasClusterException(
                $"{place} {(text.IsEmpty ? "is empty" : "is not valid UTF-8")}; a piece is at least one character of UTF-8.");
        }

        // SentencePiece trains pieces of 16 characters. Without a limit a hostile file could make every look-up as long as itself.
        if (text.Length > LongestPiece)
        {
            throw new NasClusterException($"{place} is {text.Length} bytes long; it must be at most {LongestPiece}.");
        }

        if (!float.IsFinite(score) || type is < (int)PieceType.Normal or > (int)PieceType.Byte)
        {
            throw new NasClusterException($"{place} has score {score} and type {type}; the score must be finite and the type in [1, 6].");
        }

        _pieces.Add(new Piece(text.ToArray(), score, (PieceType)type));
    }

    private void ReadTrainer(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message, $"{_file}: trainer_spec");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3:
                    _modelType = reader.Integer();
                    break;
                case 24:
                    Refuse(reader.Bool(), "trainer_spec.treat_whitespace_as_suffix is true", "false");
                    break;
                case 35:
                    ByteFallback = reader.Bool();
                    break;
                case 40:
                    UnknownId = reader.Integer();
                    break;
                case 41:
                    BeginningId = reader.Integer();
                    break;
                case 42:
                    EndId = reader.Integer();
                    break;
                case 44:
                    UnknownSurface = reader.Bytes().ToArray();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadNormalizer(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message, $"{_file}: normalizer_spec");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    var rules = reader.Bytes().Length;
                    Refuse(rules > 0, $"normalizer_spec.precompiled_charsmap has {rules} bytes of rules", "empty (identity)");
                    break;
                case 3:
                    AddDummyPrefix = reader.Bool();
                    break;
                case 4:
                    RemoveExtraWhitespaces = reader.Bool();
                    break;
                case 5:
                    Refuse(!reader.Bool(), "normalizer_spec.escape_whitespaces is false", "true");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadDenormalizer(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message, $"{_file}: denormalizer_spec");
        while (reader.Next())
        {
            if (reader.Field == 2)
            {
                var rules = reader.Bytes().Length;
                Refuse(rules > 0, $"denormalizer_spec.precompiled_charsmap has {rules} bytes of rules", "empty (identity)");
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void Validate()
    {
        if (_pieces.Count == 0)
        {
            throw new NasClusterException($"{_file}: the tokenizer has no pieces; a SentencePiece model lists its vocabulary.");
        }

        var type = _modelType >= 1 && _modelType < ModelTypes.Length ? ModelTypes[_modelType] : $"{_modelType}";
        Refuse(_modelType != Bpe, $"trainer_spec.model_type is {type}", "BPE");
        CheckId("unk_id", UnknownId, PieceType.Unknown, optional: false);
        CheckId("bos_id", BeginningId, PieceType.Control, optional: true);
        CheckId("eos_id", EndId, PieceType.Control, optional: true);
        for (var id = 0; id < _pieces.Count; id++)
        {
            if (_pieces[id].Type == PieceType.Unknown && id != UnknownId)
            {
                throw new NasClusterException($"{_file}: pieces {UnknownId} and {id} both stand for the unknown; one must.");
            }
        }
    }

    private void CheckId(string key, int id, PieceType type, bool optional)
    {
        if (optional && id < 0)
        {
            return;
        }

        if (id < 0 || id >= _pieces.Count)
        {
            throw new NasClusterException($"{_file}: trainer_spec.{key} is {id}; it must be in [0, {_pieces.Count - 1}].");
        }

        if (_pieces[id].Type != type)
        {
            var text = FileText.Quote(StrictUtf8.GetString(_pieces[id].Text));
            throw new NasClusterException(
                $"{_file}: trainer_spec.{key} is {id}, but piece {text} is {_pieces[id].Type}; it must be {type}.");
        }
    }

    private void Refuse(bool broken, string found, string supported)
    {
        if (broken)
        {
            throw new NasClusterException($"{_file}: {found}; only {supported} is supported.");
        }
    }
}
