using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Tokenizers;

/// <summary>A SentencePiece byte-pair vocabulary (LLaMA, LLaMA-2), read from its <c>.model</c> file.</summary>
/// <remarks>
/// Safe to use from several threads.
/// Encodes as SentencePiece does: spaces become U+2581, one is put in front of the text if the model says so, neighbours are joined by
/// score, and characters no piece covers become byte pieces. Control pieces such as <c>&lt;s&gt;</c> are never made from text.
/// Unlike SentencePiece, bytes that are not UTF-8 are kept as byte pieces, so that any content survives a round trip.
/// </remarks>
public sealed class SentencePieceTokenizer : ITokenizer
{
    private const long LargestFile = 64 << 20;
    private const int LongestKept = 1 << 20;
    private static readonly byte[] Space = "\u2581"u8.ToArray();
    private readonly SentencePieceModel _model;
    private readonly PieceTable _mergeable = new();
    private readonly PieceTable _userDefined = new();
    private readonly int[] _byteIds = new int[256];
    private readonly byte[] _byteValues;
    private readonly bool _splitsBeforeSpace;
    private Encoder? _idle;

    private SentencePieceTokenizer(SentencePieceModel model, string fingerprint, string file)
    {
        _model = model;
        Fingerprint = fingerprint;
        _byteValues = new byte[model.Pieces.Count];
        Array.Fill(_byteIds, -1);
        var reserved = new PieceTable();
        for (var id = 0; id < model.Pieces.Count; id++)
        {
            var piece = model.Pieces[id];
            var added = piece.Type switch
            {
                PieceType.Normal or PieceType.Unused => !_userDefined.TryFind(piece.Text, out _) && _mergeable.TryAdd(piece.Text, id),
                PieceType.UserDefined => !_mergeable.TryFind(piece.Text, out _) && _userDefined.TryAdd(piece.Text, id),
                _ => reserved.TryAdd(piece.Text, id),
            };
            if (!added)
            {
                throw new NasClusterException(
                    $"{file}: piece {id}, {FileText.Quote(Encoding.UTF8.GetString(piece.Text))}, is listed twice.");
            }

            if (piece.Type == PieceType.Byte)
            {
                AddByte(piece.Text, id, file);
            }
        }

        if (model.ByteFallback && Array.IndexOf(_byteIds, -1) is >= 0 and var missing)
        {
            throw new NasClusterException(
                $"{file}: trainer_spec.byte_fallback is true, but piece \"<0x{missing:X2}>\" is missing; all 256 bytes need one.");
        }

        _splitsBeforeSpace = !model.Pieces.Any(
            p => p.Type is (PieceType.Normal or PieceType.Unused or PieceType.UserDefined) && HasInnerSpace(p.Text));
    }

    /// <inheritdoc/>
    public int VocabularySize => _model.Pieces.Count;

    /// <inheritdoc/>
    public int? BeginningOfSequence => _model.BeginningId < 0 ? null : _model.BeginningId;

    /// <inheritdoc/>
    public int? EndOfSequence => _model.EndId < 0 ? null : _model.EndId;

    /// <summary>SHA-256 of the file, in lower-case hexadecimal.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads a <c>.model</c> file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="NasClusterException">It is missing, malformed, or a kind of model that is not supported.</exception>
    public static SentencePieceTokenizer Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var file = File.OpenHandle(path); // The length of a link is not that of its file.
            var length = RandomAccess.GetLength(file);
            return length <= LargestFile
                ? Parse(File.ReadAllBytes(path), path)
                : throw new NasClusterException($"{path}: {length} bytes; a tokenizer has at most {LargestFile}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NasClusterException($"{path}: the tokenizer cannot be read: {FileText.OneLine(e.Message)}", e);
        }
    }

    /// <summary>Reads the bytes of a <c>.model</c> file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">What to call it in messages.</param>
    /// <exception cref="NasClusterException">Malformed, or a kind of model that is not supported.</exception>
    public static SentencePieceTokenizer Parse(ReadOnlySpan<byte> bytes, string file) =>
        new(SentencePieceModel.Parse(bytes, file), Convert.ToHexStringLower(SHA256.HashData(bytes)), file);

    /// <inheritdoc/>
    /// <remarks>A lone surrogate is encoded as U+FFFD.</remarks>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Encode(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The ids of a text given as UTF-8, without beginning or end marks.</summary>
    /// <param name="utf8">Any bytes; those that are not UTF-8 become byte pieces.</param>
    public int[] Encode(ReadOnlySpan<byte> utf8)
    {
        // Words met in one text are known in the next; a caller that finds the encoder taken by another thread makes one of its own.
        var encoder = Interlocked.Exchange(ref _idle, null) ?? new Encoder(this);
        var normalized = Normalize(utf8);
        var ids = encoder.Encode(normalized);

        // One that has seen a long text holds lists of its length, and is let go.
        _idle = normalized.Length <= LongestKept ? encoder : null;
        return ids;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Ids are taken to start a text: the space that encoding puts in front is removed again. Control pieces stand for nothing, the
    /// unknown piece for the model's replacement text.
    /// </remarks>
    public byte[] Decode(IReadOnlyList<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var bytes = new ArrayBufferWriter<byte>();
        var atStart = _model.AddDummyPrefix || _model.RemoveExtraWhitespaces;
        for (var i = 0; i < ids.Count; i++)
        {
            var id = ids[i];
            if (id < 0 || id >= VocabularySize)
            {
                throw new NasClusterException($"Token {id} at place {i} is not in the vocabulary; ids are in [0, {VocabularySize - 1}].");
            }

            var piece = _model.Pieces[id];
            switch (piece.Type)
            {
                case PieceType.Control:
                    break;
                case PieceType.Unknown:
                    bytes.Write(_model.UnknownSurface);
                    atStart = false;
                    break;
                case PieceType.Byte:
                    bytes.Write([_byteValues[id]]);
                    atStart = false;
                    break;
                default:
                    ReadOnlySpan<byte> text = piece.Text;
                    if (atStart && text.StartsWith(Space))
                    {
                        text = text[Space.Length..];

                        // Where extra spaces are removed, no number of them may lead; elsewhere only the one that encoding added goes.
                        atStart = _model.RemoveExtraWhitespaces && text.IsEmpty;
                    }
                    else
                    {
                        atStart = false;
                    }

                    WriteWithSpaces(bytes, text);
                    break;
            }
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>A piece as the vocabulary has it, with U+2581 for spaces.</summary>
    internal string PieceText(int id) => Encoding.UTF8.GetString(_model.Pieces[id].Text);

    private void AddByte(ReadOnlySpan<byte> text, int id, string file)
    {
        var shown = Encoding.UTF8.GetString(text);
        if (text.Length != 6 || !text.StartsWith("<0x"u8) || text[5] != '>'
            || !byte.TryParse(text[3..5], NumberStyles.AllowHexSpecifier, null, out var value)
            || shown != $"<0x{value:X2}>")
        {
            throw new NasClusterException($"{file}: piece {id} is a byte, but reads {FileText.Quote(shown)}; it must be <0x00> to <0xFF>.");
        }

        _byteIds[value] = id;
        _byteValues[id] = value;
    }

    private void Append(List<int> ids, ReadOnlySpan<byte> bytes, int id)
    {
        if (id >= 0)
        {
            ids.Add(id);
        }
        else if (_model.ByteFallback)
        {
            foreach (var b in bytes)
            {
                ids.Add(_byteIds[b]);
            }
        }
        else if (ids.Count == 0 || ids[^1] != _model.UnknownId)
        {
            // SentencePiece reports a run of unknown characters as one token.
            ids.Add(_model.UnknownId);
        }
    }

    private byte[] Normalize(ReadOnlySpan<byte> text)
    {
        if (_model.RemoveExtraWhitespaces)
        {
            text = text.Trim((byte)' ');
        }

        if (text.IsEmpty)
        {
            return [];
        }

        // A space is one byte and its replacement three; one more replacement may go in front.
        var normalized = new ArrayBufferWriter<byte>(text.Length + (2 * text.Count((byte)' ')) + Space.Length);
        if (_model.AddDummyPrefix)
        {
            normalized.Write(Space);
        }

        while (!text.IsEmpty)
        {
            var space = text.IndexOf((byte)' ');
            normalized.Write(space < 0 ? text : text[..space]);
            text = space < 0 ? [] : text[(space + 1)..];
            if (space >= 0)
            {
                normalized.Write(Space);
                text = _model.RemoveExtraWhitespaces ? text.TrimStart((byte)' ') : text;
            }
        }

        return normalized.WrittenSpan.ToArray();
    }

    // No piece holds a space behind anything but spaces, so no join reaches across such a place: encoding word by word gives the same ids.
    private static int UntilSpace(ReadOnlySpan<byte> text)
    {
        var spaces = 0;
        while (text[spaces..].StartsWith(Space))
        {
            spaces += Space.Length;
        }

        var next = text[spaces..].IndexOf(Space);
        return next < 0 ? text.Length : spaces + next;
    }

    private static bool HasInnerSpace(ReadOnlySpan<byte> text) => UntilSpace(text) < text.Length;

    private static void WriteWithSpaces(ArrayBufferWriter<byte> bytes, ReadOnlySpan<byte> text)
    {
        for (var space = text.IndexOf(Space); space >= 0; space = text.IndexOf(Space))
        {
            bytes.Write(text[..space]);
            bytes.Write(" "u8);
            text = text[(space + Space.Length)..];
        }

        bytes.Write(text);
    }

    /// <summary>What encoding needs besides the text. One text at a time.</summary>
    private sealed class Encoder
    {
        private readonly SentencePieceTokenizer _owner;
        private readonly List<int> _ids = [];
        private readonly BpeMerger _merger;
        private readonly WordCache? _words;
        private readonly BpeMerger.Emit _append;

        public Encoder(SentencePieceTokenizer owner)
        {
            _owner = owner;
            _merger = new BpeMerger(owner._mergeable, owner._userDefined, owner._model.Pieces);
            _append = (bytes, id) => owner.Append(_ids, bytes, id);

            // Without byte pieces a word's ids depend on the word before it: a run of unknown characters is one token.
            _words = owner._model.ByteFallback ? new WordCache() : null;
        }

        public int[] Encode(ReadOnlySpan<byte> normalized)
        {
            _ids.Clear();
            while (!normalized.IsEmpty)
            {
                var word = _owner._splitsBeforeSpace ? normalized[..UntilSpace(normalized)] : normalized;
                if (_words?.TryAppend(word, _ids) != true)
                {
                    var first = _ids.Count;
                    _merger.Encode(word, _append);
                    _words?.Add(word, _ids, first);
                }

                normalized = normalized[word.Length..];
            }

            return [.. _ids];
        }
    }
}
