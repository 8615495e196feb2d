using System.Text;

namespace NasCluster.Llama.Tokenizers;

/// <summary>Byte-pair encoding of one stretch of text: joins the neighbours with the best score, leftmost on a tie, until none fit.</summary>
/// <remarks>
/// Symbols form a linked list over the text and candidate joins a heap, so n characters take O(n log n). A candidate whose symbols have
/// changed since it was queued is recognised by its length and dropped.
/// </remarks>
internal sealed class BpeMerger(PieceTable mergeable, PieceTable userDefined, IReadOnlyList<Piece> pieces)
{
    private readonly List<Symbol> _symbols = [];
    private readonly PriorityQueue<Candidate, Priority> _queue = new(PriorityOrder.Instance);
    private readonly Dictionary<int, int> _splits = [];

    /// <summary>Receives each final symbol: its bytes, and its id or -1 if no piece has these bytes.</summary>
    public delegate void Emit(ReadOnlySpan<byte> bytes, int id);

    public void Encode(ReadOnlySpan<byte> text, Emit emit)
    {
        _symbols.Clear();
        _queue.Clear();
        _splits.Clear();
        for (var start = 0; start < text.Length;)
        {
            var length = FirstSymbol(text[start..], out var frozen);
            var index = _symbols.Count;
            _symbols.Add(new Symbol(start, length, index - 1, start + length < text.Length ? index + 1 : -1, frozen));
            start += length;
        }

        for (var i = 1; i < _symbols.Count; i++)
        {
            Propose(text, i - 1, i);
        }

        while (_queue.TryDequeue(out var best, out _))
        {
            Join(text, best);
        }

        for (var i = _symbols.Count == 0 ? -1 : 0; i >= 0; i = _symbols[i].Next)
        {
            EmitSymbol(text.Slice(_symbols[i].Start, _symbols[i].Length), emit);
        }
    }

    private int FirstSymbol(ReadOnlySpan<byte> rest, out bool frozen)
    {
        for (var length = Math.Min(rest.Length, userDefined.Longest); length > 0; length--)
        {
            if (userDefined.TryFind(rest[..length], out _))
            {
                frozen = true;
                return length;
            }
        }

        // A byte that is no UTF-8 stands for itself.
        frozen = false;
        return Rune.DecodeFromUtf8(rest, out _, out var consumed) == System.Buffers.OperationStatus.Done ? consumed : 1;
    }

    private void Propose(ReadOnlySpan<byte> text, int left, int right)
    {
        var (a, b) = (_symbols[left], _symbols[right]);
        if (a.Frozen || b.Frozen || !mergeable.TryFind(text.Slice(a.Start, a.Length + b.Length), out var id))
        {
            return;
        }

        _queue.Enqueue(new Candidate(left, right, a.Length + b.Length), new Priority(pieces[id].Score, left));
        if (pieces[id].Type == PieceType.Unused)
        {
            _splits[id] = a.Length;
        }
    }

    private void Join(ReadOnlySpan<byte> text, Candidate candidate)
    {
        var (a, b) = (_symbols[candidate.Left], _symbols[candidate.Right]);
        if (a.Length == 0 || b.Length == 0 || a.Length + b.Length != candidate.Length)
        {
            return;
        }

        _symbols[candidate.Left] = a with { Length = candidate.Length, Next = b.Next };
        _symbols[candidate.Right] = b with { Length = 0 };
        if (b.Next >= 0)
        {
            _symbols[b.Next] = _symbols[b.Next] with { Previous = candidate.Left };
            Propose(text, candidate.Left, b.Next);
        }

        if (a.Previous >= 0)
        {
            Propose(text, a.Previous, candidate.Left);
        }
    }

    // An unused piece only helps to reach longer ones; where it is left over, it falls apart into what it was joined from.
    private void EmitSymbol(ReadOnlySpan<byte> bytes, Emit emit)
    {
        if (!mergeable.TryFind(bytes, out var id) && !userDefined.TryFind(bytes, out id))
        {
            emit(bytes, -1);
        }
        else if (pieces[id].Type == PieceType.Unused && _splits.TryGetValue(id, out var leftLength))
        {
            EmitSymbol(bytes[..leftLength], emit);
            EmitSymbol(bytes[leftLength..], emit);
        }
        else
        {
            emit(bytes, id);
        }
    }

    private readonly record struct Symbol(int Start, int Length, int Previous, int Next, bool Frozen);

    private readonly record struct Candidate(int Left, int Right, int Length);

    private readonly record struct Priority(float Score, int Left);

    private sealed class PriorityOrder : IComparer<Priority>
    {
        public static readonly PriorityOrder Instance = new();

        public int Compare(Priority x, Priority y) => x.Score != y.Score ? y.Score.CompareTo(x.Score) : x.Left.CompareTo(y.Left);
    }
}
