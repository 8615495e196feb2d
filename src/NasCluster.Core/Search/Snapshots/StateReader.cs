using System.Collections.Immutable;
using System.Text;
using NasCluster.Core.Randomness;

namespace NasCluster.Core.Search.Snapshots;

/// <summary>Reads what <see cref="StateWriter"/> wrote; what cannot be so is an <see cref="InvalidDataException"/> or the stream's end.</summary>
internal sealed class StateReader(byte[] bytes, int offset, int count) : IDisposable
{
    private readonly BinaryReader _reader = new(new MemoryStream(bytes, offset, count, writable: false), Encoding.UTF8);

    public bool AtEnd => _reader.BaseStream.Position == _reader.BaseStream.Length;

    public bool ReadBoolean() => _reader.ReadBoolean();

    public int ReadInt32() => _reader.ReadInt32();

    public long ReadInt64() => _reader.ReadInt64();

    /// <summary>A length or an index, which must be in 0 to <paramref name="most"/>.</summary>
    public int ReadCount(int most)
    {
        var value = _reader.ReadInt32();
        return (uint)value <= (uint)most ? value : throw new InvalidDataException($"{value} stands where 0 to {most} may stand.");
    }

    public double ReadDouble() => _reader.ReadDouble();

    public RandomState ReadRandomState()
    {
        var state = new RandomState(_reader.ReadUInt64(), _reader.ReadUInt64(), _reader.ReadUInt64(), _reader.ReadUInt64());
        return state.IsValid ? state : throw new InvalidDataException("The generator's state is all zero.");
    }

    /// <summary>As many genomes as were written, each within its space.</summary>
    public List<Genome> ReadGenomes(int genomes, ImmutableArray<int> cardinalities)
    {
        var result = new List<Genome>();
        ulong bits = 0;
        var filled = 0;
        for (var i = 0; i < genomes; i++)
        {
            var genes = ImmutableArray.CreateBuilder<int>(cardinalities.Length);
            foreach (var cardinality in cardinalities)
            {
                var width = StateWriter.BitsOf(cardinality);
                for (; filled < width; filled += 8)
                {
                    bits |= (ulong)_reader.ReadByte() << filled;
                }

                var gene = (int)(bits & ((1UL << width) - 1));
                genes.Add(gene < cardinality ? gene : throw new InvalidDataException($"Gene {genes.Count} of genome {i} is {gene}."));
                bits >>= width;
                filled -= width;
            }

            result.Add(new Genome(genes.MoveToImmutable()));
        }

        return result;
    }

    public void Dispose() => _reader.Dispose();
}
