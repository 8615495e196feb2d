using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace NasCluster.Core.Storage.Runs;

/// <summary>Writes the fields of records: numbers little-endian, counts in groups of seven bits, text as UTF-8 after its length.</summary>
/// <param name="capacity">About how many bytes there will be.</param>
internal sealed class ByteWriter(int capacity = 256)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(capacity);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void WriteByte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    public void WriteInt64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    public void WriteDouble(double value) => WriteInt64(BitConverter.DoubleToInt64Bits(value));

    /// <summary>A number that is mostly small and not negative: one byte below 128, five at most for what fits in 32 bits.</summary>
    public void WriteCompact(long value)
    {
        var rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7)
        {
            WriteByte((byte)(rest | 0x80));
        }

        WriteByte((byte)rest);
    }

    public void WriteText(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        WriteCompact(bytes.Length);
        WriteBytes(bytes);
    }

    public void WriteBytes(ReadOnlySpan<byte> value) => _buffer.Write(value);
}
