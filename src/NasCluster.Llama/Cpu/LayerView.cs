using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;

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
        try
        {
            var keyRows = configuration.HeadSize;
            var queryRows = configuration.HeadSize * configuration.QueryHeadsPerKvHead;
            Query = Rows(layer.Query, groups, queryRows);
            Key = Rows(layer.Key, groups, keyRows);
            Value = Rows(layer.Value, groups, keyRows);
            Output = Columns(layer.Output, groups, queryRows);
            Gate = Rows(layer.Gate, channels, 1);
            Up = Rows(layer.Up, channels, 1);
            Down = Columns(layer.Down, channels, 1);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public PackedLayer Layer { get; }

    public int KvGroups { get; }

    public int MlpChannels { get; }

    public MatrixView Query { get; }

    public MatrixView Key { get; }

    public MatrixView Value { get; }

    public MatrixView Output { get; }

    public MatrixView Gate { get; }

    public MatrixView Up { get; }

    public MatrixView Down { get; }

    public void Dispose() => _gathered.ForEach(g => g.Dispose());

    private static int[] Expand(ChannelSelection selection, int size)
    {
        var result = new int[selection.Count * size];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (selection[i / size] * size) + (i % size);
        }

        return result;
    }

    private MatrixView Rows(PackedMatrix matrix, ChannelSelection selection, int size) =>
        selection.IsLeading ? matrix.View.Leading(selection.Count * size, matrix.Depth) : Keep(matrix.GatherRows(Expand(selection, size), _pool));

    private MatrixView Columns(PackedMatrix matrix, ChannelSelection selection, int size) =>
        selection.IsLeading ? matrix.View.Leading(matrix.Rows, selection.Count * size) : Keep(matrix.GatherColumns(Expand(selection, size), _pool));

    private MatrixView Keep(PackedMatrix gathered)
    {
        _gathered.Add(gathered);
        return gathered.View;
    }
}
