using System.Buffers.Binary;
using System.Text;

namespace NasCluster.Evaluation.Storage;

/// <summary>Reads what <see cref="SetWriter"/> wrote; whatever cannot be so is an <see cref="InvalidDataException"/>.</summary>
/// <remarks>No length is believed beyond what is left of the file, so a hostile file costs no more memory than its own size allows.</remarks>
internal sealed class SetReader(ReadOnlyMemory<byte> bytes)
{
    private const int BitsPerByte = 7;
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    private int _position;

    internal int Left => bytes.Length - _position;

    internal int ReadFixed() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    /// <summary>A number that is not negative, in the one form it is written in.</summary>
    internal int ReadInt32()
    {
        var value = 0L;
        for (var shift = 0; shift < 5 * BitsPerByte; shift += BitsPerByte)
        {
            var next = Take(1)[0];
            value |= (long)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value <= int.MaxValue && (next > 0 || shift == 0) ? (int)value : throw new InvalidDataException($"a number is out of bounds before byte {_position}");
            }
        }

        throw new InvalidDataException($"a number takes too many bytes before byte {_position}");
    }

    /// <summary>How many things follow that take at least so many bytes each.</summary>
    internal int ReadCount(int leastBytes)
    {
        var count = ReadInt32();
        return (long)count * leastBytes <= Left
            ? count
            : throw new InvalidDataException($"{count} items are announced before byte {_position}, more than the {Left} bytes left can hold");
    }

    internal bool ReadBoolean() => Take(1)[0] switch
    {
        0 => false,
        1 => true,
        var other => throw new InvalidDataException($"{other} stands for yes or no at byte {_position - 1}"),
    };

    internal string ReadText()
    {
        try
        {
            return Utf8.GetString(Take(ReadCount(1)));
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"a text is not UTF-8 before byte {_position}", e);
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Left)
        {
            throw new InvalidDataException("it ends too early");
        }

        _position += count;
        return bytes.Span.Slice(_position - count, count);
    }
}
