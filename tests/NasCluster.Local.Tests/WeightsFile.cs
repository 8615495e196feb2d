using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace NasCluster.Local.Tests;

/// <summary>A safetensors file taken apart, to be put together wrongly.</summary>
internal sealed class WeightsFile
{
    private WeightsFile(byte[] bytes)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Header = Encoding.UTF8.GetString(bytes, 8, length);
        Data = bytes[(8 + length)..];
    }

    /// <summary>The JSON, as text: it may be given keys twice.</summary>
    public string Header { get; set; }

    /// <summary>The tensors' bytes.</summary>
    public byte[] Data { get; set; }

    /// <summary>Changes a file's header or data; the header's length is kept right.</summary>
    public static void Edit(string path, Action<WeightsFile> edit)
    {
        var file = new WeightsFile(File.ReadAllBytes(path));
        edit(file);
        var header = Encoding.UTF8.GetBytes(file.Header);
        byte[] bytes = [.. new byte[8], .. header, .. file.Data];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Changes the header as JSON.</summary>
    public static void EditHeader(string path, Action<JsonObject> edit) => Edit(path, file => file.Header = EditJson(file.Header, edit));

    /// <summary>Changes what one tensor's entry says.</summary>
    public static void EditTensor(string path, string tensor, string key, string json) => EditHeader(path, h => h[tensor]![key] = JsonNode.Parse(json));

    /// <summary>Moves where a tensor's bytes begin and end.</summary>
    public static void MoveTensor(string path, string tensor, long begin, long end) => EditHeader(path, h =>
    {
        var offsets = h[tensor]!["data_offsets"]!.AsArray();
        offsets[0] = (long)offsets[0]! + begin;
        offsets[1] = (long)offsets[1]! + end;
    });

    /// <summary>Moves the tensor that lies last, so that no other error comes before its being out of range.</summary>
    public static void MoveLastTensor(string path, long by) => EditHeader(path, h =>
    {
        var offsets = h.Select(e => e.Value!["data_offsets"]).OfType<JsonArray>().MaxBy(o => (long)o[1]!)!;
        offsets[0] = (long)offsets[0]! + by;
        offsets[1] = (long)offsets[1]! + by;
    });

    /// <summary>Overwrites the first weight of a tensor of float32.</summary>
    public static void SetFirstWeight(string path, string tensor, float value) => Edit(path, file =>
    {
        var begin = (int)JsonNode.Parse(file.Header)![tensor]!["data_offsets"]![0]!;
        BinaryPrimitives.WriteSingleLittleEndian(file.Data.AsSpan(begin), value);
    });

    /// <summary>Overwrites the header length alone.</summary>
    public static void SetHeaderLength(string path, Func<long, ulong> ofFileLength)
    {
        var bytes = File.ReadAllBytes(path);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, ofFileLength(bytes.Length));
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Changes a JSON text.</summary>
    public static string EditJson(string json, Action<JsonObject> edit)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        edit(root);
        return root.ToJsonString();
    }
}
