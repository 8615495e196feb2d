using System.Security.Cryptography;

namespace NasCluster.Core.Storage.Runs;

/// <summary>The bytes of a segment: <c>NSEG</c>, the schema, the fields, the records, and SHA-256 over all of that.</summary>
/// <remarks>
/// Every schema keeps the four letters, the schema's number after them and the checksum at the end, so that any program can tell a cell
/// that is damaged from one that is newer than it is. A program reads every schema up to its own and writes its own.
/// </remarks>
internal static class SegmentCodec
{
    /// <summary>The layout written by this program.</summary>
    public const int Schema = 1;

    /// <summary>Bytes of the checksum at the end.</summary>
    public const int ChecksumSize = SHA256.HashSizeInBytes;

    private const int SmallestFrame = 2;
    private static readonly byte[] Magic = [.. "NSEG"u8];

    public static byte[] Encode(Segment segment)
    {
        var writer = new ByteWriter();
        writer.WriteBytes(Magic);
        writer.WriteInt32(Schema);
        writer.WriteCompact(segment.Index);
        writer.WriteCompact(segment.Epoch);
        writer.WriteText(segment.Owner);
        writer.WriteCompact(segment.First);
        writer.WriteByte(segment.IsSealed ? (byte)1 : (byte)0);
        writer.WriteByte(segment.Snapshot is null ? (byte)0 : (byte)1);
        if (segment.Snapshot is { } mark)
        {
            writer.WriteByte((byte)mark.Slot);
            writer.WriteCompact(mark.Position);
            writer.WriteBytes(mark.Checksum.Span);
        }

        writer.WriteCompact(segment.Count);
        var bytes = GC.AllocateUninitializedArray<byte>(writer.Written.Length + segment.Body.Length + ChecksumSize);
        writer.Written.CopyTo(bytes);
        segment.Body.Span.CopyTo(bytes.AsSpan(writer.Written.Length));
        SHA256.HashData(bytes.AsSpan(..^ChecksumSize), bytes.AsSpan(^ChecksumSize..));
        return bytes;
    }

    /// <summary>Reads a segment, whatever the schema it was written in.</summary>
    /// <param name="cell">The cell's name, for messages.</param>
    /// <param name="bytes">The cell's bytes; the segment's body is a part of them.</param>
    /// <exception cref="NasClusterException">They are no segment, are damaged, or were written by a newer program.</exception>
    public static Segment Decode(string cell, ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.Length < Magic.Length + sizeof(int) + ChecksumSize || !span.StartsWith(Magic))
        {
            throw new NasClusterException($"Cell '{cell}' holds no part of a run: its {span.Length} bytes must begin with NSEG.");
        }

        Span<byte> hash = stackalloc byte[ChecksumSize];
        SHA256.HashData(span[..^ChecksumSize], hash);
        if (!hash.SequenceEqual(Checksum(bytes).Span))
        {
            throw Damaged(cell, $"its {span.Length} bytes do not match their checksum");
        }

        var reader = new ByteReader(span[Magic.Length..^ChecksumSize]);
        var schema = reader.ReadInt32();
        if (schema > Schema)
        {
            throw new NasClusterException(
                $"Cell '{cell}' has schema {schema}, written by a newer program; this one reads schemas up to {Schema}. Use a version at least as new.");
        }

        try
        {
            return schema == 1 ? DecodeSchema1(bytes, ref reader) : throw new InvalidDataException($"there is no schema {schema}");
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(cell, exception.Message, exception);
        }
    }

    /// <summary>The checksum a cell ends with.</summary>
    public static ReadOnlyMemory<byte> Checksum(ReadOnlyMemory<byte> bytes) => bytes[^ChecksumSize..];

    /// <summary>The records of a segment.</summary>
    /// <exception cref="InvalidDataException">The body is not made of as many whole records as the segment says.</exception>
    public static List<LogRecord> Records(Segment segment)
    {
        var reader = new ByteReader(segment.Body.Span);
        var records = new List<LogRecord>(Math.Min(segment.Count, segment.Body.Length / SmallestFrame));
        for (var i = 0; i < segment.Count; i++)
        {
            var kind = (RecordKind)reader.ReadByte();
            var length = reader.ReadCount(1);
            records.Add(new LogRecord(kind, segment.Body.Slice(reader.Position, length)));
            reader.ReadBytes(length);
        }

        reader.End();
        return records;
    }

    public static NasClusterException Damaged(string cell, string reason, Exception? exception = null) =>
        new($"Cell '{cell}' is damaged: {reason.ReplaceLineEndings(" ").TrimEnd('.')}.", exception);

    private static Segment DecodeSchema1(ReadOnlyMemory<byte> bytes, ref ByteReader reader)
    {
        var index = reader.ReadCompact();
        var epoch = reader.ReadCompact();
        var owner = reader.ReadText();
        var first = reader.ReadCompact();
        var isSealed = reader.ReadBoolean();
        var mark = reader.ReadBoolean()
            ? new SnapshotMark(reader.ReadBoolean() ? 1 : 0, reader.ReadCompact(), reader.ReadBytes(ChecksumSize).ToArray())
            : null;
        var count = reader.ReadCompact();
        if (index is < 0 or > int.MaxValue || epoch < 0 || first < 0 || mark is { Position: < 0 } || count < 0 || count > reader.Remaining / SmallestFrame)
        {
            throw new InvalidDataException($"index {index}, epoch {epoch}, {first} records before it and {count} in it cannot be");
        }

        var body = bytes.Slice(Magic.Length + reader.Position, reader.Remaining);
        return new Segment((int)index, epoch, owner, first, isSealed, mark, (int)count, body);
    }
}
