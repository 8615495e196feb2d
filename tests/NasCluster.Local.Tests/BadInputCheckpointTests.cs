using System.Text.Json.Nodes;

namespace NasCluster.Local.Tests;

/// <summary>Checkpoints that are damaged or contradict themselves: each is refused before anything is written.</summary>
public sealed class BadInputCheckpointTests : IDisposable
{
    private const string Up = "model.layers.1.mlp.up_proj.weight";
    private const string Down = "model.layers.1.mlp.down_proj.weight";
    private const string Weights = "model/model.safetensors";
    private const string Config = "model/config.json";

    // What is done to the checkpoint, and what the line must name: the file, the place and the rule.
    private static readonly Dictionary<string, (Action<SmallModel> Damage, string[] Says)> Table = new()
    {
        ["weights: empty"] = (m => Cut(m, 0), [Weights, "empty"]),
        ["weights: cut in the header's length"] = (m => Cut(m, 5), [Weights, "5 bytes are too few"]),
        ["weights: cut in the header"] = (m => Cut(m, 300), [Weights, "header length is", "only 292 bytes follow"]),
        ["weights: cut in the data"] = (m => Cut(m, -1), [Weights, "truncated"]),
        ["weights: bytes behind the last tensor"] = (m => WeightsFile.Edit(m.At(Weights), f => f.Data = [.. f.Data, 0, 0]), [Weights, "2 bytes", "behind the last tensor"]),
        ["header: longer than the file"] = (m => WeightsFile.SetHeaderLength(m.At(Weights), n => (ulong)n + 1), [Weights, "header length is", "follow"]),
        ["header: longer than any"] = (m => WeightsFile.SetHeaderLength(m.At(Weights), _ => ulong.MaxValue), [Weights, "18446744073709551615", "at most"]),
        ["header: not JSON"] = (m => WeightsFile.Edit(m.At(Weights), f => f.Header = "{\"a\" 1}"), [Weights, "not valid JSON"]),
        ["header: a tensor twice"] = (m => Repeat(m, Up), [Weights, Up, "twice"]),
        ["header: a key of a tensor twice"] = (m => WeightsFile.Edit(m.At(Weights), f => f.Header = f.Header.Replace($"\"{Up}\":{{", $"\"{Up}\":{{\"dtype\":\"F32\",", StringComparison.Ordinal)), [Weights, Up, "\"dtype\" twice"]),
        ["offsets: overlapping"] = (m => WeightsFile.MoveTensor(m.At(Weights), Up, -4, -4), [Weights, Up, "begins at byte", "ends at"]),
        ["offsets: leaving a gap"] = (m => WeightsFile.MoveTensor(m.At(Weights), Up, 4, 4), [Weights, Up, "begins at byte", "leave gaps"]),
        ["offsets: backwards"] = (m => WeightsFile.EditTensor(m.At(Weights), Up, "data_offsets", "[8, 4]"), [Weights, Up, "begin and end, in this order"]),
        ["offsets: beyond the data"] = (m => WeightsFile.MoveLastTensor(m.At(Weights), 1L << 40), [Weights, "ends at byte 10995", "but the file has"]),
        ["offsets: negative"] = (m => WeightsFile.EditTensor(m.At(Weights), Up, "data_offsets", "[-8, 4]"), [Weights, Up, "no integer in [0,"]),
        ["offsets: too few bytes for the shape"] = (m => WeightsFile.MoveTensor(m.At(Weights), Up, 0, -4), [Weights, Up, "needs 6144 bytes"]),
        ["dtype: unknown"] = (m => WeightsFile.EditTensor(m.At(Weights), Up, "dtype", "\"F99\""), [Weights, Up, "unknown dtype \"F99\""]),
        ["dtype: not for weights"] = (m => WeightsFile.EditTensor(m.At(Weights), Up, "dtype", "\"I32\""), [Weights, Up, "F32, F16 or BF16"]),
        ["tensor: missing"] = (m => WeightsFile.EditHeader(m.At(Weights), h => Rename(h, Up, "model.layers.1.self_attn.rotary_emb.inv_freq")), ["model", Up, "missing", "[48, 32]"]),
        ["tensor: misshapen"] = (m => WeightsFile.EditTensor(m.At(Weights), Up, "shape", "[32, 48]"), [Weights, Up, "[32, 48]", "[48, 32]"]),
        ["tensor: NaN"] = (m => WeightsFile.SetFirstWeight(m.At(Weights), Down, float.NaN), ["model", Down, "row 0, column 0", "finite"]),
        ["tensor: infinite"] = (m => WeightsFile.SetFirstWeight(m.At(Weights), Down, float.NegativeInfinity), ["model", Down, "-Infinity", "finite"]),
        ["config: absent"] = (m => File.Delete(m.At(Config)), ["model", "no config.json"]),
        ["config: not JSON"] = (m => File.WriteAllText(m.At(Config), "{"), [Config, "not valid JSON"]),
        ["config: a key twice"] = (m => Rewrite(m, c => c.Insert(1, "\"hidden_size\": 32,")), [Config, "hidden_size"]),
        ["config: more layers than the tensors"] = (m => Set(m, "num_hidden_layers", 5), ["model", "model.layers.4", "missing"]),
        ["config: fewer layers than the tensors"] = (m => Set(m, "num_hidden_layers", 3), [Weights, "model.layers.3", "not part of the network"]),
        ["config: other width than the tensors"] = (m => Set(m, "intermediate_size", 47), [Weights, "model.layers.0.mlp.gate_proj.weight", "[48, 32]", "[47, 32]"]),
        ["config: heads that do not divide"] = (m => Set(m, "num_key_value_heads", 3), [Config, "num_key_value_heads"]),
        ["config: rope scaling"] = (m => Rewrite(m, c => c.Insert(1, "\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2.0},")), [Config, "rope_scaling"]),
        ["config: impossible number"] = (m => Set(m, "hidden_size", -32), [Config, "hidden_size", "-32"]),
        ["model: no weights"] = (m => File.Delete(m.At(Weights)), ["model", "model.safetensors"]),
        ["model: absent"] = (m => Directory.Delete(m.ModelPath, true), ["model", "no such file or directory"]),
        ["llama2.c: cut in the header"] = (m => Replace(m, new byte[20]), ["model", "20 bytes are too few"]),
        ["llama2.c: impossible header"] = (m => Replace(m, new byte[28]), ["model", "dim"]),
        ["llama2.c: cut in the data"] = (m => Replace(m, LlamaFile.Zeros()[..^4]), ["model", "truncated"]),
    };

    private readonly SmallModel _model = new();

    public static TheoryData<string> Cases => [.. Table.Keys];

    public void Dispose() => _model.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Search_BadCheckpoint_IsRefusedInOneLine(string name)
    {
        Table[name].Damage(_model);

        var result = Nas.Run(_model.Search("run", 5));

        Refusal.AssertOneLine(result, Refusal.Failure, Table[name].Says);
        Assert.StartsWith($"nas: {_model.ModelPath}", result.Errors, StringComparison.Ordinal);
        Assert.False(Path.Exists(_model.At("run")));
    }

    private static void Cut(SmallModel model, int length)
    {
        using var file = File.OpenWrite(model.At(Weights));
        file.SetLength(length < 0 ? file.Length + length : length);
    }

    // As text, because the JSON library would not write a name twice.
    private static void Repeat(SmallModel model, string tensor) => WeightsFile.Edit(model.At(Weights), f =>
    {
        var entry = JsonNode.Parse(f.Header)![tensor]!.ToJsonString();
        f.Header = f.Header.Insert(1, $"\"{tensor}\":{entry},");
    });

    private static void Rename(JsonObject header, string from, string to)
    {
        var entry = header[from]!.DeepClone();
        header.Remove(from);
        header[to] = entry;
    }

    private static void Set(SmallModel model, string key, int value) => Rewrite(model, json => WeightsFile.EditJson(json, c => c[key] = value));

    private static void Rewrite(SmallModel model, Func<string, string> change) =>
        File.WriteAllText(model.At(Config), change(File.ReadAllText(model.At(Config))));

    private static void Replace(SmallModel model, byte[] file)
    {
        Directory.Delete(model.ModelPath, recursive: true);
        File.WriteAllBytes(model.ModelPath, file);
    }
}
