using System.Buffers;
using System.Text;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Tokenizers.SentencePiece;

/// <summary>A SentencePiece byte-pair vocabulary (LLaMA, LLaMA-2). Spaces, user-defined pieces and bytes are seen to here, the joining by the library.</summary>
internal sealed class SentencePieceTokenizer(PieceFile model, string fingerprint, string file) : ITokenizer
{
    private const char Space = '\u2581';

    // The library keeps 30 bytes for every character of what it is given at once.
    private const int LongestStretch = 1 << 12;
    private readonly MirroredModel _joins = new(model, file);
    private readonly BytePieces _bytes = new(model, file);
    private readonly UserDefinedPieces _userDefined = new(model.Pieces);
    private readonly bool _splitsBeforeSpace = !model.Pieces.Any(p => p.IsMadeFromText && HasInnerSpace(p.Text));

    public int VocabularySize => model.Pieces.Count;

    public int? BeginningOfSequence => model.BeginningId < 0 ? null : model.BeginningId;

    public int? EndOfSequence => model.EndId < 0 ? null : model.EndId;

    public string Fingerprint => fingerprint;

    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>();
        for (ReadOnlySpan<char> rest = Normalize(WellFormed.Of(text)); !rest.IsEmpty;)
        {
            var stretch = rest[..StretchOf(rest)];
            rest = rest[stretch.Length..];
            while (_userDefined.TryFind(stretch, out var start, out var length, out var id))
            {
                Join(stretch[..start], ids);
                ids.Add(id);
                stretch = stretch[(start + length)..];
            }

            Join(stretch, ids);
        }

        return [.. ids];
    }

    public byte[] Decode(IReadOnlyList<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var bytes = new ArrayBufferWriter<byte>();

        // The space that encoding puts in front goes again; where extra spaces are removed, all that lead do.
        var atStart = model.AddDummyPrefix || model.RemoveExtraWhitespaces;
        for (var i = 0; i < ids.Count; i++)
        {
            if (ids[i] < 0 || ids[i] >= VocabularySize)
            {
                throw new NasClusterException($"Token {ids[i]} at place {i} is not in the vocabulary; ids are in [0, {VocabularySize - 1}].");
            }

            var piece = model.Pieces[ids[i]];
            switch (piece.Kind)
            {
                case PieceKind.Control:
                    continue;
                case PieceKind.Unknown:
                    bytes.Write(model.UnknownSurface);
                    break;
                case PieceKind.Byte:
                    bytes.Write([_bytes.ValueOf(ids[i])]);
                    break;
                default:
                    var isLeading = atStart && piece.Text[0] == Space;
                    var text = isLeading ? piece.Text[1..] : piece.Text;
                    Encoding.UTF8.GetBytes(text.Replace(Space, ' '), bytes);
                    atStart = isLeading && model.RemoveExtraWhitespaces && text.Length == 0;
                    continue;
            }

            atStart = false;
        }

        return bytes.WrittenSpan.ToArray();
    }

    private string Normalize(string text)
    {
        if (model.RemoveExtraWhitespaces)
        {
            text = string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        return text.Length == 0 ? "" : (model.AddDummyPrefix ? $"{Space}" : "") + text.Replace(' ', Space);
    }

    // What the library is given at once. No piece holds a space behind anything but spaces, so no join reaches across the start of a word.
    private int StretchOf(ReadOnlySpan<char> text)
    {
        if (!_splitsBeforeSpace || text.Length <= LongestStretch)
        {
            return text.Length;
        }

        for (var end = LongestStretch; end < text.Length; end++)
        {
            if (text[end] == Space && text[end - 1] != Space)
            {
                return end;
            }
        }

        return text.Length;
    }

    private void Join(ReadOnlySpan<char> text, List<int> ids)
    {
        if (text.IsEmpty)
        {
            return;
        }

        Span<byte> utf8 = stackalloc byte[4];
        foreach (var id in _joins.Encode(text))
        {
            if (id != model.UnknownId)
            {
                ids.Add(id);
                text = text[model.Pieces[id].Text.Length..];
                continue;
            }

            Rune.DecodeFromUtf16(text, out var character, out var length);
            text = text[length..];
            if (model.ByteFallback)
            {
                foreach (var b in utf8[..character.EncodeToUtf8(utf8)])
                {
                    ids.Add(_bytes.IdOf(b));
                }
            }
            else if (ids.Count == 0 || ids[^1] != model.UnknownId)
            {
                // SentencePiece reports a run of unknown characters as one token.
                ids.Add(model.UnknownId);
            }
        }
    }

    private static bool HasInnerSpace(string text) => text.TrimStart(Space).Contains(Space);
}
