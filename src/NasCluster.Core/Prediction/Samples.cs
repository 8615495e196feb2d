using NasCluster.Core.Search;

namespace NasCluster.Core.Prediction;

/// <summary>Encoded genomes to learn from, and how many genes each two of them share.</summary>
internal sealed class Samples
{
    private readonly ulong[] _bits;
    private readonly int[] _shared;

    /// <summary>Encodes genomes.</summary>
    public Samples(OneHotEncoding encoding, IReadOnlyList<Genome> genomes)
    {
        Encoding = encoding;
        Count = genomes.Count;
        _bits = new ulong[Count * encoding.Words];
        _shared = new int[Count * Count];
        for (var i = 0; i < Count; i++)
        {
            encoding.Encode(genomes[i], _bits.AsSpan(i * encoding.Words, encoding.Words));
            for (var j = 0; j <= i; j++)
            {
                _shared[(i * Count) + j] = _shared[(j * Count) + i] = OneHotEncoding.Shared(this[i], this[j]);
            }
        }
    }

    /// <summary>How they were encoded.</summary>
    public OneHotEncoding Encoding { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The vector of a sample.</summary>
    public ReadOnlySpan<ulong> this[int sample] => _bits.AsSpan(sample * Encoding.Words, Encoding.Words);

    /// <summary>How many genes a sample shares with each sample.</summary>
    public ReadOnlySpan<int> Shared(int sample) => _shared.AsSpan(sample * Count, Count);
}
