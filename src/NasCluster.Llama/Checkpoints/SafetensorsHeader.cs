using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;
using NasCluster.Core;

namespace NasCluster.Llama.Checkpoints;

/// <summary>The table of contents of a safetensors file.</summary>
/// <remarks>
/// A little-endian 64-bit length, that many bytes of JSON (padded with spaces), then the tensors' bytes. As the format's own rules ask,
/// the tensors must cover the data completely: no gap, no overlap, nothing behind the last.
/// </remarks>
internal sealed class SafetensorsHeader
{
    public const int LengthBytes = 8;

    /// <summary>The format's own limit.</summary>
    public const long LongestHeader = 100_000_000;

    private const string Metadata = "__metadata__";
    private const int MostDimensions = 8;

    private SafetensorsHeader(IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> texts, long dataStart)
    {
        Entries = entries;
        Texts = texts;
        DataStart = dataStart;
    }

    /// <summary>The tensors, by where they lie.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>What the file says of itself: the strings of its metadata.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; }

    /// <summary>First byte of the data in the file.</summary>
    public long DataStart { get; }

    /// <summary>Bytes of one element, or 0 for a type the format does not have.</summary>
    public static int ElementBytes(string type) => type switch
    {
        "BOOL" or "U8" or "I8" or "F8_E4M3" or "F8_E5M2" => 1,
        "U16" or "I16" or "F16" or "BF16" => 2,
        "U32" or "I32" or "F32" => 4,
        "U64" or "I64" or "F64" => 8,
        _ => 0,
    };

    /// <param name="start">The file's first bytes: the whole header, unless the file ends before.</param>
    /// <param name="fileLength">Bytes in the whole file.</param>
    /// <param name="file">For messages.</param>
    /// <exception cref="NasClusterException">Malformed in any way.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> start, long fileLength, string file)
    {
        if (start.Length < LengthBytes || fileLength < LengthBytes)
        {
            throw Fail(
                file,
                $"{Math.Min(start.Length, fileLength)} bytes are too few; a safetensors file begins with {LengthBytes} bytes of header "
                + "length");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (length > LongestHeader)
        {
            throw Fail(file, $"header length is {length}; it must be at most {LongestHeader}");
        }

        var available = Math.Min(start.Length, fileLength) - LengthBytes;
        if ((long)length > available)
        {
            throw Fail(file, $"header length is {length}, but only {available} bytes follow it");
        }

        var header = start.Slice(LengthBytes, (int)length);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = ReadEntries(header, texts, file);
        entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        CheckCover(entries, fileLength - LengthBytes - (long)length, file);
        return new SafetensorsHeader(entries, texts, LengthBytes + (long)length);
    }

    private static List<SafetensorsEntry> ReadEntries(ReadOnlySpan<byte> header, Dictionary<string, string> texts, string file)
    {
        if (header.IsEmpty || header[0] != '{' || !Utf8.IsValid(header))
        {
            throw Fail(file, "header is not a JSON object in UTF-8; it must start with '{'");
        }

        try
        {
            var reader = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 8 });
            reader.Read();
            var entries = new List<SafetensorsEntry>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                if (!names.Add(name))
                {
                    throw Fail(file, $"header lists {FileText.Quote(name)} twice");
                }

                reader.Read();
                if (name == Metadata)
                {
                    ReadTexts(ref reader, texts, file);
                }
                else
                {
                    entries.Add(ReadEntry(ref reader, name, file));
                }
            }

            var end = (int)reader.BytesConsumed;
            return header[end..].IndexOfAnyExcept((byte)' ') is >= 0 and var at
                ? throw Fail(
                    file,
                    $"header byte {end + at} is 0x{header[end + at]:x2}, behind the end of its JSON; only spaces may be there")
                : entries;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new NasClusterException($"{file}: header is not valid JSON: {FileText.OneLine(e.Message)}", e);
        }
    }

    private static void ReadTexts(ref Utf8JsonReader reader, Dictionary<string, string> texts, string file)
    {
        var ok = reader.TokenType == JsonTokenType.StartObject;
        while (ok && reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = reader.GetString()!;
            ok = reader.Read() && reader.TokenType == JsonTokenType.String && texts.TryAdd(key, reader.GetString()!);
        }

        if (!ok)
        {
            throw Fail(file, $"header: {Metadata} must be an object of strings without duplicate keys");
        }
    }

    private static SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name, string file)
    {
        var tensor = FileText.Quote(name);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Fail(file, $"header: tensor {tensor} is a {reader.TokenType}; it must be an object with dtype, shape and data_offsets");
        }

        string? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            if (key switch { "dtype" => type is not null, "shape" => shape is not null, "data_offsets" => offsets is not null, _ => false })
            {
                throw Fail(file, $"header: tensor {tensor} has {FileText.Quote(key)} twice");
            }

            reader.Read();
            switch (key)
            {
                case "dtype":
                    type = reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw Fail(
                        file,
                        $"header: dtype of tensor {tensor} is no string");
                    break;
                case "shape":
                    shape = ReadArray(ref reader, $"header: shape of tensor {tensor}", MostDimensions, file);
                    break;
                case "data_offsets":
                    offsets = ReadArray(ref reader, $"header: data_offsets of tensor {tensor}", 2, file);
                    break;
                default:
                    throw Fail(
                        file,
                        $"header: tensor {tensor} has unknown key {FileText.Quote(key)}; only dtype, shape and data_offsets may be there");
            }
        }

        if (type is null || shape is null || offsets is null)
        {
            throw Fail(file, $"header: tensor {tensor} has no {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}");
        }

        return Check(new SafetensorsEntry(name, type, shape, offsets[0], offsets.Length == 2 ? offsets[1] : -1), offsets.Length, file);
    }

    private static SafetensorsEntry Check(SafetensorsEntry entry, int offsetCount, string file)
    {
        var tensor = FileText.Quote(entry.Name);
        if (offsetCount != 2 || entry.End < entry.Begin)
        {
            throw Fail(file, $"header: data_offsets of tensor {tensor} must be two numbers, begin and end, in this order");
        }

        Int128 bytes = ElementBytes(entry.Type);
        if (bytes == 0)
        {
            throw Fail(file, $"header: tensor {tensor} has unknown dtype {FileText.Quote(entry.Type)}");
        }

        foreach (var dimension in entry.Shape)
        {
            bytes *= dimension;
            if (bytes > long.MaxValue)
            {
                throw Fail(file, $"header: shape [{string.Join(", ", entry.Shape)}] of tensor {tensor} is larger than any file");
            }
        }

        return bytes == entry.End - entry.Begin
            ? entry
            : throw Fail(
                file,
                $"header: tensor {tensor} of {entry.Type} [{string.Join(", ", entry.Shape)}] needs {bytes} bytes, but data_offsets "
                + $"[{entry.Begin}, {entry.End}] give it {entry.End - entry.Begin}");
    }

    private static long[] ReadArray(ref Utf8JsonReader reader, string what, int most, string file)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Fail(file, $"{what} is a {reader.TokenType}; it must be an array");
        }

        var values = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var value) || value < 0)
            {
                throw Fail(file, $"{what} has entry {values.Count} that is no integer in [0, {long.MaxValue}]");
            }

            if (values.Count == most)
            {
                throw Fail(file, $"{what} has more than {most} entries");
            }

            values.Add(value);
        }

        return values.Count == 0 && most == 2 ? throw Fail(file, $"{what} is empty; it must be two numbers") : [.. values];
    }

    private static void CheckCover(List<SafetensorsEntry> entries, long dataLength, string file)
    {
        var end = 0L;
        foreach (var entry in entries)
        {
            if (entry.End > dataLength)
            {
                throw Fail(
                    file,
                    $"tensor {FileText.Quote(entry.Name)} ends at byte {entry.End} of the data, but the file has {dataLength} bytes of "
                    + "data: it is truncated or its header wrong");
            }

            if (entry.Begin != end)
            {
                throw Fail(
                    file,
                    $"tensor {FileText.Quote(entry.Name)} begins at byte {entry.Begin} of the data, but the one before it ends at "
                    + $"{end}; tensors must neither overlap nor leave gaps");
            }

            end = entry.End;
        }

        if (end != dataLength)
        {
            throw Fail(file, $"{dataLength - end} bytes lie behind the last tensor; there must be none");
        }
    }

    private static NasClusterException Fail(string file, string what) => new($"{file}: {what}.");
}
