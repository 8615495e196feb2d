using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace NasCluster.Llama.Tests.Checkpoints;

/// <summary>Safetensors files of any header, right or wrong.</summary>
internal static class RawSafetensors
{
    public static byte[] File(string header, int dataBytes) => File(header, new byte[dataBytes]);

    public static byte[] File(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        data.CopyTo(file, 8 + json.Length);
        return file;
    }

    /// <summary>The header of a file.</summary>
    public static JsonObject Header(string path) => Split(path).Header;

    /// <summary>Changes the header of a file, keeping its data.</summary>
    public static void EditHeader(string path, Action<JsonObject> edit)
    {
        var (header, data) = Split(path);
        edit(header);
        System.IO.File.WriteAllBytes(path, File(header.ToJsonString(), data));
    }

    /// <summary>Adds a tensor of zeros behind the last.</summary>
    public static void Append(string path, string name, string type, int elementBytes, params int[] shape)
    {
        var (header, data) = Split(path);
        var bytes = shape.Aggregate(elementBytes, (a, b) => a * b);
        header.Add(name, new JsonObject
        {
            ["dtype"] = type,
            ["shape"] = new JsonArray([.. shape.Select(d => JsonValue.Create(d))]),
            ["data_offsets"] = new JsonArray(data.Length, data.Length + bytes),
        });
        System.IO.File.WriteAllBytes(path, File(header.ToJsonString(), [.. data, .. new byte[bytes]]));
    }

    /// <summary>Where a tensor's bytes begin in the file.</summary>
    public static int OffsetOf(string path, string name)
    {
        var bytes = System.IO.File.ReadAllBytes(path);
        return 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes) + (int)Split(path).Header[name]!["data_offsets"]![0]!;
    }

    private static (JsonObject Header, byte[] Data) Split(string path)
    {
        var bytes = System.IO.File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        return (JsonNode.Parse(bytes.AsSpan(8, length))!.AsObject(), bytes[(8 + length)..]);
    }
}
