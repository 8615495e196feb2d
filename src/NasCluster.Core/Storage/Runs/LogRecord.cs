using System.Security.Cryptography;

namespace NasCluster.Core.Storage.Runs;

/// <summary>What a record is of; the last kind is in no log, but in the pages of remembered outcomes. The numbers are in storage: never change or reuse one.</summary>
internal enum RecordKind : byte
{
    Start = 1,
    Outcome = 2,
    HypervolumePoint = 3,
    Snapshot = 4,
    RememberedOutcomes = 5,
}

/// <summary>One record of a log, encoded.</summary>
internal readonly record struct LogRecord(RecordKind Kind, ReadOnlyMemory<byte> Bytes)
{
    private const int LargestHead = 11;

    /// <summary>Half of the SHA-256 of the record: by it, a record sent again is recognised without keeping the records in memory.</summary>
    public UInt128 Digest() => DigestOf(Bytes.Span);

    public static UInt128 DigestOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <summary>The record as it stands in a segment: kind, length, bytes.</summary>
    public byte[] ToFrame()
    {
        var writer = new ByteWriter(Bytes.Length + LargestHead);
        writer.WriteByte((byte)Kind);
        writer.WriteCompact(Bytes.Length);
        writer.WriteBytes(Bytes.Span);
        return writer.Written.ToArray();
    }
}
