using System.Globalization;
using NasCluster.Core;

namespace NasCluster.Tokenizers.SentencePiece;

/// <summary>The pieces that stand for one byte each.</summary>
internal sealed class BytePieces
{
    private readonly int[] _ids = new int[256];
    private readonly Dictionary<int, byte> _values = [];

    /// <exception cref="NasClusterException">One reads otherwise than <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>, or one is missing that is needed.</exception>
    public BytePieces(PieceFile model, string file)
    {
        Array.Fill(_ids, -1);
        for (var id = 0; id < model.Pieces.Count; id++)
        {
            if (model.Pieces[id].Kind == PieceKind.Byte)
            {
                var value = ValueOf(model.Pieces[id].Text) ?? throw new NasClusterException(
                    $"{file}: piece {id} is a byte, but reads {FileText.Quote(model.Pieces[id].Text)}; it must be <0x00> to <0xFF>.");
                _ids[value] = id;
                _values[id] = value;
            }
        }

        if (model.ByteFallback && Array.IndexOf(_ids, -1) is >= 0 and var missing)
        {
            throw new NasClusterException(
                $"{file}: trainer_spec.byte_fallback is true, but piece \"<0x{missing:X2}>\" is missing; all 256 bytes need one.");
        }
    }

    /// <summary>The id of a byte.</summary>
    public int IdOf(byte value) => _ids[value];

    /// <summary>The byte of an id that is a byte piece.</summary>
    public byte ValueOf(int id) => _values[id];

    private static byte? ValueOf(string text) =>
        text is ['<', '0', 'x', _, _, '>'] && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            && text == $"<0x{value:X2}>"
            ? value
            : null;
}
