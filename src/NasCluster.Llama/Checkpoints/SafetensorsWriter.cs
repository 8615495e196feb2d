using System.Buffers.Binary;
using System.Text.Json;
using NasCluster.Core;

namespace NasCluster.Llama.Checkpoints;

/// <summary>Writes safetensors files row by row, so that no tensor is ever whole in memory.</summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 8;
    private const int BufferBytes = 1 << 20;

    /// <summary>Bytes a tensor takes.</summary>
    public static long Bytes(TensorSpec spec, WeightType type) => (long)spec.Rows * spec.Columns * RowConversion.BytesPerWeight(type);

    /// <summary>Cuts the tensors, in order, into as few files as fit the limit; a tensor above it gets a file of its own.</summary>
    public static IReadOnlyList<Range> Shards(IReadOnlyList<TensorSpec> specs, WeightType type, long maximumBytes)
    {
        var shards = new List<Range>();
        var start = 0;
        var filled = 0L;
        for (var i = 0; i < specs.Count; i++)
        {
            var bytes = Bytes(specs[i], type);
            if (i > start && filled + bytes > maximumBytes)
            {
                shards.Add(start..i);
                (start, filled) = (i, 0);
            }

            filled += bytes;
        }

        shards.Add(start..specs.Count);
        return shards;
    }

    /// <param name="path">The file; it must not exist.</param>
    /// <param name="specs">What to call the tensors.</param>
    /// <param name="tensors">Their weights.</param>
    /// <param name="type">How weights are stored.</param>
    /// <param name="shownPath">For messages.</param>
    /// <param name="texts">What the file is to say of itself, besides the framework.</param>
    public static void Write(
        string path, ReadOnlySpan<TensorSpec> specs, ReadOnlySpan<WeightTensor> tensors, WeightType type, string shownPath,
        IReadOnlyDictionary<string, string>? texts = null)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes);
        var header = Header(specs, type, texts);
        Span<byte> length = stackalloc byte[SafetensorsHeader.LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        for (var i = 0; i < specs.Length; i++)
        {
            WriteTensor(stream, specs[i], tensors[i], type, shownPath);
        }

        stream.Flush(flushToDisk: true);
    }

    private static void WriteTensor(FileStream stream, TensorSpec spec, WeightTensor tensor, WeightType type, string shownPath)
    {
        if (tensor.Rows != spec.Rows || tensor.Columns != spec.Columns)
        {
            throw new ArgumentException(
                $"{spec.Name} is {tensor.Rows} x {tensor.Columns}, but the configuration asks for {spec.Rows} x {spec.Columns}.",
                nameof(tensor));
        }

        var row = new float[spec.Columns];
        var stored = new byte[spec.Columns * RowConversion.BytesPerWeight(type)];
        for (var r = 0; r < spec.Rows; r++)
        {
            tensor.ReadRow(r, row);
            RowConversion.FromSingle(type, row, stored);
            if (FiniteWeights.FirstNotFinite(type, stored) is >= 0 and var column)
            {
                throw new NasClusterException(
                    $"{shownPath}: {spec.Name} is {row[column]} at row {r}, column {column}, "
                    + $"which {RowConversion.Name(type)} cannot hold; choose a wider type.");
            }

            stream.Write(stored);
        }
    }

    // Transformers reads only files whose metadata name a framework. Padding keeps the data aligned for those who map it.
    private static byte[] Header(ReadOnlySpan<TensorSpec> specs, WeightType type, IReadOnlyDictionary<string, string>? texts)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            foreach (var (key, text) in texts ?? new Dictionary<string, string>())
            {
                json.WriteString(key, text);
            }

            json.WriteEndObject();
            var offset = 0L;
            foreach (var spec in specs)
            {
                json.WriteStartObject(spec.Name);
                json.WriteString("dtype", RowConversion.Name(type));
                json.WriteStartArray("shape");
                if (!spec.IsVector)
                {
                    json.WriteNumberValue(spec.Rows);
                }

                json.WriteNumberValue(spec.Columns);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += Bytes(spec, type);
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (stream.Length % Alignment != 0)
        {
            stream.WriteByte((byte)' ');
        }

        return stream.ToArray();
    }
}
