namespace NasCluster.Llama.Tokenizers;

/// <summary>Piece ids by their bytes.</summary>
internal sealed class PieceTable
{
    private readonly Dictionary<byte[], int> _ids = new(ByteComparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public PieceTable() => _lookup = _ids.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Length of the longest piece in bytes.</summary>
    public int Longest { get; private set; }

    public int Count => _ids.Count;

    /// <summary>Adds a piece unless it is there already.</summary>
    public bool TryAdd(byte[] text, int id)
    {
        Longest = Math.Max(Longest, text.Length);
        return _ids.TryAdd(text, id);
    }

    public bool TryFind(ReadOnlySpan<byte> text, out int id)
    {
        id = -1;
        return text.Length <= Longest && _lookup.TryGetValue(text, out id);
    }
}
