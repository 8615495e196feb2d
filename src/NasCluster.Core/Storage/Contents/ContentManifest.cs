using System.Security.Cryptography;
using NasCluster.Core.Storage.Runs;

namespace NasCluster.Core.Storage.Contents;

/// <summary>What a content is made of.</summary>
/// <param name="Size">Its bytes.</param>
/// <param name="ChunkSize">Bytes of each chunk but the last, which has what is left.</param>
/// <param name="Chunks">SHA-256 of each chunk, in lower-case hexadecimal.</param>
internal sealed record ContentManifest(long Size, int ChunkSize, IReadOnlyList<string> Chunks)
{
    private const int Schema = 1;
    private const int LargestChunk = 64 << 20;
    private static readonly byte[] Magic = [.. "NCON"u8];

    /// <summary>How many bytes a chunk has.</summary>
    public int SizeOf(int chunk) => (int)Math.Min(ChunkSize, Size - ((long)chunk * ChunkSize));

    /// <summary><c>NCON</c>, the schema, the fields, and SHA-256 over all of that; letters, schema and checksum are the same in every schema.</summary>
    public byte[] Encode()
    {
        var writer = new ByteWriter();
        writer.WriteBytes(Magic);
        writer.WriteInt32(Schema);
        writer.WriteCompact(Size);
        writer.WriteInt32(ChunkSize);
        foreach (var chunk in Chunks)
        {
            writer.WriteBytes(Convert.FromHexString(chunk));
        }

        writer.WriteBytes(SHA256.HashData(writer.Written));
        return writer.Written.ToArray();
    }

    /// <summary>Reads a manifest, whatever the schema it was written in.</summary>
    /// <returns>Null if the bytes are none, or are damaged.</returns>
    /// <exception cref="NasClusterException">It was written by a newer program.</exception>
    public static ContentManifest? Decode(string cell, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Magic.Length + sizeof(int) + SHA256.HashSizeInBytes || !bytes.StartsWith(Magic)
            || !SHA256.HashData(bytes[..^SHA256.HashSizeInBytes]).AsSpan().SequenceEqual(bytes[^SHA256.HashSizeInBytes..]))
        {
            return null;
        }

        var reader = new ByteReader(bytes[Magic.Length..^SHA256.HashSizeInBytes]);
        var schema = reader.ReadInt32();
        if (schema > Schema)
        {
            throw new NasClusterException(
                $"Cell '{cell}' has schema {schema}, written by a newer program; this one reads schemas up to {Schema}. Use a version at least as new.");
        }

        try
        {
            return schema == 1 ? DecodeSchema1(ref reader) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static ContentManifest? DecodeSchema1(ref ByteReader reader)
    {
        var (size, chunkSize) = (reader.ReadCompact(), reader.ReadInt32());
        var count = reader.Remaining / SHA256.HashSizeInBytes;
        if (size < 0 || chunkSize is <= 0 or > LargestChunk || reader.Remaining % SHA256.HashSizeInBytes != 0
            || (size / chunkSize) + (size % chunkSize == 0 ? 0 : 1) != count)
        {
            return null;
        }

        var chunks = new string[count];
        for (var i = 0; i < count; i++)
        {
            chunks[i] = Convert.ToHexStringLower(reader.ReadBytes(SHA256.HashSizeInBytes));
        }

        return new ContentManifest(size, chunkSize, chunks);
    }
}
