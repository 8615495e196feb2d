using Google.Protobuf;
using NasCluster.Core;

namespace NasCluster.Tokenizers.SentencePiece;

/// <summary>One field of a protobuf message, with its value as it is on the wire.</summary>
/// <param name="Number">The field's number.</param>
/// <param name="Type">How its value is written.</param>
/// <param name="Scalar">The value, if it is a number.</param>
/// <param name="Content">The value, if it is bytes.</param>
/// <param name="Place">File and message, for errors.</param>
internal readonly record struct ProtobufField(int Number, WireFormat.WireType Type, ulong Scalar, ByteString Content, string Place)
{
    /// <summary>All fields of a message, in order.</summary>
    /// <param name="message">The message's bytes.</param>
    /// <param name="place">File and message, for errors.</param>
    /// <exception cref="NasClusterException">It is no protobuf message.</exception>
    public static List<ProtobufField> ReadAll(ByteString message, string place)
    {
        var fields = new List<ProtobufField>();
        var input = message.CreateCodedInput();
        var start = 0L;
        try
        {
            for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
            {
                var type = WireFormat.GetTagWireType(tag);
                var (scalar, content) = type switch
                {
                    WireFormat.WireType.Varint => (input.ReadUInt64(), ByteString.Empty),
                    WireFormat.WireType.Fixed64 => (input.ReadFixed64(), ByteString.Empty),
                    WireFormat.WireType.Fixed32 => (input.ReadFixed32(), ByteString.Empty),
                    WireFormat.WireType.LengthDelimited => (0ul, input.ReadBytes()),
                    _ => throw new NasClusterException($"{place}, byte {start}: wire type {(int)type}; it must be 0, 1, 2 or 5."),
                };
                fields.Add(new ProtobufField(WireFormat.GetTagFieldNumber(tag), type, scalar, content, place));
                start = input.Position;
            }
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new NasClusterException(
                $"{place}, byte {start}: no protobuf message, which a SentencePiece model must be: {FileText.OneLine(e.Message)}", e);
        }

        return fields;
    }

    public ByteString Bytes() => As(WireFormat.WireType.LengthDelimited).Content;

    public float Float() => BitConverter.UInt32BitsToSingle((uint)As(WireFormat.WireType.Fixed32).Scalar);

    public bool Bool() => As(WireFormat.WireType.Varint).Scalar != 0;

    /// <summary>An int32 or enumeration, which protobuf sign-extends to 64 bits.</summary>
    public int Int32()
    {
        var value = (long)As(WireFormat.WireType.Varint).Scalar;
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new NasClusterException($"{Place}: field {Number} is {value}; it must fit 32 bits.");
    }

    private ProtobufField As(WireFormat.WireType type) => Type == type
        ? this
        : throw new NasClusterException($"{Place}: field {Number} has wire type {(int)Type}; it must be {(int)type}.");
}
