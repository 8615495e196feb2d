using System.Security.Cryptography;
using NasCluster.Core;
using NasCluster.Evaluation.Storage;

namespace NasCluster.Evaluation;

/// <summary>Evaluation sets as a file: tokenised once, scored from anywhere without the tokenizer or the texts.</summary>
/// <remarks>
/// <para>
/// Little-endian: eight bytes that say what it is, the number of its schema (4 bytes), the sets, and SHA-256 over all before it. Integers
/// in the sets take seven bits a byte, lowest first, the eighth saying that more follow; texts are their length in bytes and UTF-8.
/// </para>
/// <para>The same sets always give the same bytes, so a store that names contents by their hash keeps them once.</para>
/// </remarks>
public static class EvaluationSetFile
{
    private const int Schema = 2;
    private const int HeaderSize = 8 + sizeof(int);
    private const int ChecksumSize = SHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Magic => "NASEVSET"u8;

    /// <summary>Writes sets.</summary>
    /// <param name="stream">Written from its current position; stays open.</param>
    /// <param name="sets">The sets.</param>
    /// <exception cref="NasClusterException">A text of the sets is not Unicode.</exception>
    public static void Write(Stream stream, EvaluationSets sets)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(sets);
        stream.Write(ToBytes(sets));
    }

    /// <summary>Sets as the bytes of a file.</summary>
    /// <exception cref="NasClusterException">A text of the sets is not Unicode.</exception>
    public static byte[] ToBytes(EvaluationSets sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        using var body = new SetWriter();
        body.Write(Magic);
        body.WriteFixed(SetLayout.SchemaOf(sets));
        SetLayout.Write(body, sets);
        body.Write(SHA256.HashData(body.Written));
        return body.Written.ToArray();
    }

    /// <summary>Reads sets: they score as those that were written, and have their fingerprints.</summary>
    /// <param name="stream">Read from its current position to its end, once and forwards; stays open.</param>
    /// <param name="name">What the file is called in messages.</param>
    /// <exception cref="NasClusterException">It is no such file, is of a newer schema, damaged or cut short.</exception>
    public static EvaluationSets Read(Stream stream, string name = "The evaluation set file")
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return Read(copy.GetBuffer().AsMemory(0, (int)copy.Length), name);
    }

    private static EvaluationSets Read(ReadOnlyMemory<byte> file, string name)
    {
        if (file.Length < HeaderSize || !file.Span.StartsWith(Magic))
        {
            throw new NasClusterException($"{name} is no file of evaluation sets: it does not start as one.");
        }

        // Before the checksum: a newer schema may have another.
        var schema = new SetReader(file[Magic.Length..HeaderSize]).ReadFixed();
        if (schema is < 1 or > Schema)
        {
            throw new NasClusterException($"{name} has schema {schema}; this version reads up to {Schema}. Use a newer version, or prepare the data again.");
        }

        var end = file.Length - ChecksumSize;
        if (end < HeaderSize || !SHA256.HashData(file.Span[..end]).AsSpan().SequenceEqual(file.Span[end..]))
        {
            throw new NasClusterException($"{name} is damaged or cut short: its checksum does not match its {file.Length} bytes.");
        }

        try
        {
            var reader = new SetReader(file[HeaderSize..end]);
            var sets = SetLayout.Read(reader, schema);
            return reader.Left == 0 ? sets : throw new InvalidDataException($"{reader.Left} bytes are left over");
        }
        catch (InvalidDataException e)
        {
            throw new NasClusterException($"{name} does not hold evaluation sets: {e.Message}.", e);
        }
    }
}
