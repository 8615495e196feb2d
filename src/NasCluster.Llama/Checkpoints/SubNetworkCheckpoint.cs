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
    /// <exception cref="NasClusterException">The architecture names a layer, KV group, rotary pair or channel that is not there.</exception>
    public static LlamaCheckpoint Extract(LlamaCheckpoint checkpoint, Architecture architecture)
    {
        var cut = Cut(checkpoint, architecture);
        return new InMemoryCheckpoint(cut.Configuration, CheckpointFingerprint.Compute(cut), cut.EmbedTokens, cut.Norm, cut.LmHead, cut.Layers);
    }

    /// <summary>The same without a fingerprint, which takes a pass over all weights: for those who go on to change them.</summary>
    internal static InMemoryCheckpoint Cut(LlamaCheckpoint checkpoint, Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(architecture);
        var whole = checkpoint.Configuration;
        var configuration = whole.Extract(architecture);
        ImmutableArray<LlamaLayerWeights> layers = [.. architecture.Layers.Select(Select)];
        return new InMemoryCheckpoint(configuration, string.Empty, checkpoint.EmbedTokens, checkpoint.Norm, checkpoint.LmHead, layers);

        LlamaLayerWeights Select(LayerArchitecture layer, int index)
        {
            var source = checkpoint.Layers[layer.SourceLayer];
            var headChannels = whole.HeadChannels(whole.Layers[layer.SourceLayer]);
            var queries = KeptChannels.OfHeads(layer.KvGroups, whole.QueryHeadsPerKvHead, layer.HeadPairs, headChannels);
            var keys = KeptChannels.OfHeads(layer.KvGroups, 1, layer.HeadPairs, headChannels);
            var channels = KeptChannels.Of(layer.MlpChannels);
            var prefix = $"model.layers.{index}.";
            return new LlamaLayerWeights(
                Renamed(source.InputLayernorm, "input_layernorm.weight"),
                Rows(source.QProj, "self_attn.q_proj.weight", queries),
                Rows(source.KProj, "self_attn.k_proj.weight", keys),
                Rows(source.VProj, "self_attn.v_proj.weight", keys),
                Columns(source.OProj, "self_attn.o_proj.weight", queries),
                Renamed(source.PostAttentionLayernorm, "post_attention_layernorm.weight"),
                Rows(source.GateProj, "mlp.gate_proj.weight", channels),
                Rows(source.UpProj, "mlp.up_proj.weight", channels),
                Columns(source.DownProj, "mlp.down_proj.weight", channels),
                keys.Length > 0 && source.OProjBias is { } o ? Renamed(o, "self_attn.o_proj.bias") : null,
                channels.Length > 0 && source.DownProjBias is { } down ? Renamed(down, "mlp.down_proj.bias") : null);

            SelectedTensor Renamed(WeightTensor tensor, string name) => new(prefix + name, tensor, null, null);

            SelectedTensor Rows(WeightTensor tensor, string name, int[] kept) => new(prefix + name, tensor, kept, null);

            SelectedTensor Columns(WeightTensor tensor, string name, int[] kept) => new(prefix + name, tensor, null, kept);
        }
    }

    // Rows, or columns, picked from another tensor; null for all of them.
    private sealed class SelectedTensor(string name, WeightTensor source, int[]? rows, int[]? columns) : WeightTensor
    {
        private float[]? _row;

        public override string Name => name;

        public override int Rows => rows?.Length ?? source.Rows;

        public override int Columns => columns?.Length ?? source.Columns;

        public override void ReadRow(int row, Span<float> destination)
        {
            var sourceRow = rows?[row] ?? row;
            if (columns is null)
            {
                source.ReadRow(sourceRow, destination);
                return;
            }

            // Taken out while in use, so that two threads never share it.
            var values = Interlocked.Exchange(ref _row, null) ?? new float[source.Columns];
            source.ReadRow(sourceRow, values);
            for (var i = 0; i < columns.Length; i++)
            {
                destination[i] = values[columns[i]];
            }

            _row = values;
        }
    }
}
