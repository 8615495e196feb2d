using System.Buffers;

namespace NasCluster.Tokenizers.SentencePiece;

/// <summary>Pieces that are taken from the text before anything is joined: the leftmost first, of those at one place the longest.</summary>
internal sealed class UserDefinedPieces
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly SearchValues<string> _any;
    private readonly int _longest;

    public UserDefinedPieces(IReadOnlyList<Piece> pieces)
    {
        _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var id = 0; id < pieces.Count; id++)
        {
            if (pieces[id].Kind == PieceKind.UserDefined)
            {
                _ids.Add(pieces[id].Text, id);
                _longest = Math.Max(_longest, pieces[id].Text.Length);
            }
        }

        _any = SearchValues.Create([.. _ids.Keys], StringComparison.Ordinal);
    }

    /// <summary>Where in a text the first is.</summary>
    public bool TryFind(ReadOnlySpan<char> text, out int start, out int length, out int id)
    {
        (length, id) = (0, -1);
        start = _ids.Count == 0 ? -1 : text.IndexOfAny(_any);
        if (start < 0)
        {
            return false;
        }

        for (length = Math.Min(_longest, text.Length - start); !_lookup.TryGetValue(text.Slice(start, length), out id);)
        {
            length--;
        }

        return true;
    }
}
