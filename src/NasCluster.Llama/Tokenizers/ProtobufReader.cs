using System.Buffers.Binary;
using NasCluster.Core;

namespace NasCluster.Llama.Tokenizers;

/// <summary>Walks the fields of one protobuf message without ever reading past its end.</summary>
internal ref struct ProtobufReader
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;
    private readonly ReadOnlySpan<byte> _message;
    private readonly string _place;
    private int _position;
    private int _wireType;

    /// <param name="message">The message's bytes.</param>
    /// <param name="place">File and message, to start error messages with.</param>
    public ProtobufReader(ReadOnlySpan<byte> message, string place)
    {
        _message = message;
        _place = place;
    }

    /// <summary>Number of the field that <see cref="Next"/> moved to.</summary>
    public int Field { get; private set; }

    /// <summary>Moves to the next field; its value must then be read or skipped.</summary>
    public bool Next()
    {
        if (_position == _message.Length)
        {
            return false;
        }

        var tag = ReadVarint();
        _wireType = (int)(tag & 7);
        Field = tag >> 3 is >= 1 and <= 0x1fff_ffff ? (int)(tag >> 3) : throw Fail($"field number {tag >> 3} is not in [1, 536870911]");
        return true;
    }

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(LengthDelimited);
        var length = ReadVarint();
        return length <= (ulong)(_message.Length - _position)
            ? Take((int)length)
            : throw Fail($"field {Field} is {length} bytes long, but {_message.Length - _position} are left");
    }

    public float Float()
    {
        Expect(Fixed32);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4));
    }

    public bool Bool() => Integer() != 0;

    /// <summary>An int32 or enumeration, which protobuf sign-extends to 64 bits.</summary>
    public int Integer()
    {
        Expect(Varint);
        var value = (long)ReadVarint();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Fail($"field {Field} is {value}; it must fit 32 bits");
    }

    public void Skip()
    {
        switch (_wireType)
        {
            case Varint:
                ReadVarint();
                break;
            case Fixed64:
                Take(8);
                break;
            case LengthDelimited:
                Bytes();
                break;
            case Fixed32:
                Take(4);
                break;
            default:
                throw Fail($"field {Field} has wire type {_wireType}; it must be 0, 1, 2 or 5");
        }
    }

    private readonly void Expect(int wireType)
    {
        if (_wireType != wireType)
        {
            throw Fail($"field {Field} has wire type {_wireType}; it must be {wireType}");
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _message.Length - _position)
        {
            throw Fail($"field {Field} is cut off at the end of the message");
        }

        var taken = _message.Slice(_position, length);
        _position += length;
        return taken;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_position == _message.Length)
            {
                throw Fail("a number is cut off at the end of the message");
            }

            var next = _message[_position++];
            if (shift == 63 && next > 1)
            {
                break;
            }

            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Fail("a number is longer than 64 bits");
    }

    private readonly NasClusterException Fail(string what) => new($"{_place}, byte {_position}: {what}.");
}
