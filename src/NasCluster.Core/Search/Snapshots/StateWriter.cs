using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using NasCluster.Core.Randomness;

namespace NasCluster.Core.Search.Snapshots;

/// <summary>Writes a search's state as little-endian bytes.</summary>
internal sealed class StateWriter : IDisposable
{
    private readonly MemoryStream _stream = new();
    private readonly BinaryWriter _writer;

    public StateWriter() => _writer = new BinaryWriter(_stream, Encoding.UTF8);

    public void Write(bool value) => _writer.Write(value);

    public void Write(int value) => _writer.Write(value);

    public void Write(long value) => _writer.Write(value);

    public void Write(double value) => _writer.Write(value);

    public void Write(string value) => _writer.Write(value);

    public void Write(ReadOnlySpan<byte> value) => _writer.Write(value);

    public void Write(RandomState state)
    {
        _writer.Write(state.S0);
        _writer.Write(state.S1);
        _writer.Write(state.S2);
        _writer.Write(state.S3);
    }

    /// <summary>Genomes of one space, each gene in as many bits as its cardinality needs; the reader must know how many.</summary>
    /// <remarks>A genome of LLaMA2-7B's space takes 34 bits, so the memory of 20,000 trials takes 85 kB.</remarks>
    public void Write(IEnumerable<Genome> genomes, ImmutableArray<int> cardinalities)
    {
        ulong bits = 0;
        var filled = 0;
        foreach (var genome in genomes)
        {
            for (var gene = 0; gene < cardinalities.Length; gene++)
            {
                bits |= (ulong)genome.Genes[gene] << filled;
                filled += BitsOf(cardinalities[gene]);
                for (; filled >= 8; filled -= 8, bits >>= 8)
                {
                    _writer.Write((byte)bits);
                }
            }
        }

        if (filled > 0)
        {
            _writer.Write((byte)bits);
        }
    }

    public byte[] ToArray()
    {
        _writer.Flush();
        return _stream.ToArray();
    }

    public void Dispose() => _writer.Dispose();

    internal static int BitsOf(int cardinality) => 32 - BitOperations.LeadingZeroCount((uint)cardinality - 1);
}
