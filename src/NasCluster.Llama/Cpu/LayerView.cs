using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Cpu;

/// <summary>The weights of a layer that an architecture keeps.</summary>
internal sealed unsafe class LayerView : IDisposable
{
    private readonly List<PackedMatrix> _gathered = [];
    private readonly BufferPool _pool;

    public LayerView(PackedLayer layer, LlamaConfiguration configuration, LayerArchitecture architecture, BufferPool pool)
    {
        _pool = pool;
        Layer = layer;
        var groups = architecture.KvGroups;
        var channels = architecture.MlpChannels;
        KvGroups = groups.Count;
        MlpChannels = channels.Count;
        var headChannels = configuration.HeadChannels(configuration.Layers[architecture.SourceLayer]);
        HeadChannels = architecture.HeadPairs is { } chosen ? 2 * chosen.Count : headChannels;
        Pairs = configuration.KeptPairs(architecture) is { } pairs ? KeptChannels.Of(pairs) : null;
        try
        {
            var queries = Heads(architecture, configuration.QueryHeadsPerKvHead, headChannels);
            var keys = Heads(architecture, 1, headChannels);
            var inner = channels.IsLeading ? new Kept(channels.Count, null) : Kept.Of(KeptChannels.Of(channels));
            Query = Rows(layer.Query, queries);
            Key = Rows(layer.Key, keys);
            Value = Rows(layer.Value, keys);
            Output = Columns(layer.Output, queries);
            Gate = Rows(layer.Gate, inner);
            Up = Rows(layer.Up, inner);
            Down = Columns(layer.Down, inner);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public PackedLayer Layer { get; }

    public int KvGroups { get; }

    /// <summary>Channels of each head that stays.</summary>
    public int HeadChannels { get; }

    /// <summary>Which rotary pairs these are, by their angles; null if they are all that a head has.</summary>
    public int[]? Pairs { get; }

    public int MlpChannels { get; }

    public MatrixView Query { get; }

    public MatrixView Key { get; }

    public MatrixView Value { get; }

    public MatrixView Output { get; }

    public MatrixView Gate { get; }

    public MatrixView Up { get; }

    public MatrixView Down { get; }

    public void Dispose() => _gathered.ForEach(g => g.Dispose());

    private static Kept Heads(LayerArchitecture architecture, int perGroup, int headChannels) =>
        architecture.KvGroups.IsLeading && architecture.HeadPairs is null
            ? new Kept(architecture.KvGroups.Count * perGroup * headChannels, null)
            : Kept.Of(KeptChannels.OfHeads(architecture.KvGroups, perGroup, architecture.HeadPairs, headChannels));

    private MatrixView Rows(PackedMatrix matrix, Kept kept) =>
        kept.Places is null ? matrix.View.Leading(kept.Count, matrix.Depth) : Keep(matrix.GatherRows(kept.Places, _pool));

    private MatrixView Columns(PackedMatrix matrix, Kept kept) =>
        kept.Places is null ? matrix.View.Leading(matrix.Rows, kept.Count) : Keep(matrix.GatherColumns(kept.Places, _pool));

    private MatrixView Keep(PackedMatrix gathered)
    {
        _gathered.Add(gathered);
        return gathered.View;
    }

    // Outputs or inputs that stay: the leading ones if their places are not listed.
    private readonly record struct Kept(int Count, int[]? Places)
    {
        public static Kept Of(int[] places) => new(places.Length, places);
    }
}
