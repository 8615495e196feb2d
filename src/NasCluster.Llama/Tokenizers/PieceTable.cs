using System.Diagnostics.CodeAnalysis;

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

    private sealed class ByteComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly ByteComparer Instance = new();

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        // Seeded per process, so that a hostile vocabulary cannot aim for collisions. Nothing depends on the order of the table.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());
    }
}
