using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Architectures;

namespace NasCluster.Llama.Checkpoints;

/// <summary>Cuts a sub-network out of a checkpoint.</summary>
public static class SubNetworkCheckpoint
{
    /// <summary>The sub-network as a checkpoint of its own, whose tensors are rows and columns picked from the whole one's.</summary>
    /// <param name="checkpoint">The whole network; it must outlive the result, which does not dispose of it.</param>
    /// <param name="architecture">What to keep.</param>
    /// <returns>
    /// A checkpoint with tensors named by their place in the sub-network. Its fingerprint is that of its own configuration and weights
    /// (<see cref="CheckpointFingerprint"/>), so it stays the same when it is written to files and read again.
    /// </returns>
    /// <exception cref="NasClusterException">The architecture names a layer, KV group or channel that is not there.</exception>
    public static LlamaCheckpoint Extract(LlamaCheckpoint checkpoint, Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(architecture);
        var whole = checkpoint.Configuration;
        var keyRows = whole.HeadSize;
        var queryRows = whole.HeadSize * whole.QueryHeadsPerKvHead;
        var configuration = whole.Extract(architecture);
        ImmutableArray<LlamaLayerWeights> layers = [.. architecture.Layers.Select(Select)];
        return With(CheckpointFingerprint.Compute(With(string.Empty)));

        InMemoryCheckpoint With(string fingerprint) =>
            new(configuration, fingerprint, checkpoint.EmbedTokens, checkpoint.Norm, checkpoint.LmHead, layers);

        LlamaLayerWeights Select(LayerArchitecture layer, int index)
        {
            var source = checkpoint.Layers[layer.SourceLayer];
            var groups = layer.KvGroups;
            var channels = layer.MlpChannels;
            var prefix = $"model.layers.{index}.";
            return new LlamaLayerWeights(
                Renamed(source.InputLayernorm, "input_layernorm.weight"),
                Rows(source.QProj, "self_attn.q_proj.weight", groups, queryRows),
                Rows(source.KProj, "self_attn.k_proj.weight", groups, keyRows),
                Rows(source.VProj, "self_attn.v_proj.weight", groups, keyRows),
                Columns(source.OProj, "self_attn.o_proj.weight", groups, queryRows),
                Renamed(source.PostAttentionLayernorm, "post_attention_layernorm.weight"),
                Rows(source.GateProj, "mlp.gate_proj.weight", channels, 1),
                Rows(source.UpProj, "mlp.up_proj.weight", channels, 1),
                Columns(source.DownProj, "mlp.down_proj.weight", channels, 1));

            SelectedTensor Renamed(WeightTensor tensor, string name) =>
                new(prefix + name, tensor, ChannelSelection.Leading(tensor.Rows), 1, ChannelSelection.Leading(tensor.Columns), 1);

            SelectedTensor Rows(WeightTensor tensor, string name, ChannelSelection kept, int size) =>
                new(prefix + name, tensor, kept, size, ChannelSelection.Leading(tensor.Columns), 1);

            SelectedTensor Columns(WeightTensor tensor, string name, ChannelSelection kept, int size) =>
                new(prefix + name, tensor, ChannelSelection.Leading(tensor.Rows), 1, kept, size);
        }
    }

    // Blocks of rows and blocks of columns of another tensor.
    private sealed class SelectedTensor(
        string name, WeightTensor source, ChannelSelection rows, int rowBlock, ChannelSelection columns, int columnBlock) : WeightTensor
    {
        private float[]? _row;

        public override string Name => name;

        public override int Rows => rows.Count * rowBlock;

        public override int Columns => columns.Count * columnBlock;

        public override void ReadRow(int row, Span<float> destination)
        {
            var sourceRow = (rows[row / rowBlock] * rowBlock) + (row % rowBlock);
            if (Columns == source.Columns)
            {
                source.ReadRow(sourceRow, destination);
                return;
            }

            // Taken out while in use, so that two threads never share it.
            var values = Interlocked.Exchange(ref _row, null) ?? new float[source.Columns];
            source.ReadRow(sourceRow, values);
            for (var i = 0; i < columns.Count; i++)
            {
                values.AsSpan(columns[i] * columnBlock, columnBlock).CopyTo(destination[(i * columnBlock)..]);
            }

            _row = values;
        }
    }
}
