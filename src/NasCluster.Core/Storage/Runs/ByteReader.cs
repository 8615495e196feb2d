using System.Buffers.Binary;
using System.Text;

namespace NasCluster.Core.Storage.Runs;

/// <summary>Reads what <see cref="ByteWriter"/> wrote; what cannot be so is an <see cref="InvalidDataException"/>.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if ((uint)count > (uint)Remaining)
        {
            throw new InvalidDataException($"{count} bytes are due where {Remaining} are left");
        }

        var result = _bytes.Slice(Position, count);
        Position += count;
        return result;
    }

    public byte ReadByte() => ReadBytes(1)[0];

    public bool ReadBoolean() => ReadByte() switch
    {
        0 => false,
        1 => true,
        var other => throw new InvalidDataException($"{other} stands where 0 or 1 may stand"),
    };

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(ReadBytes(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(ReadBytes(8));

    public double ReadDouble() => BitConverter.Int64BitsToDouble(ReadInt64());

    public long ReadCompact()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();
            if (shift == 63 && next > 1)
            {
                break;
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)value;
            }
        }

        throw new InvalidDataException("a number has more than 64 bits");
    }

    /// <summary>How many items follow, each of at least some bytes: no more than the bytes that are left can hold.</summary>
    public int ReadCount(int bytesEach)
    {
        var count = ReadCompact();
        return count >= 0 && count <= Remaining / bytesEach
            ? (int)count
            : throw new InvalidDataException($"{count} items are due where {Remaining} bytes are left");
    }

    public string ReadText()
    {
        var bytes = ReadBytes(ReadCount(1));
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException("a text is not UTF-8", exception);
        }
    }

    public readonly void End()
    {
        if (Remaining > 0)
        {
            throw new InvalidDataException($"{Remaining} bytes are left over");
        }
    }
}
