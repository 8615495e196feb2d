using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Cpu;

/// <summary>Packed weights seen as a checkpoint again, so that extraction needs no file to be still there.</summary>
internal static class PackedCheckpoint
{
    public static LlamaCheckpoint Of(PackedNetwork network, string fingerprint)
    {
        var embedding = new PackedTensor("model.embed_tokens.weight", network.Embedding);
        return new InMemoryCheckpoint(
            network.Configuration,
            fingerprint,
            embedding,
            new VectorTensor("model.norm.weight", network.Norm),
            ReferenceEquals(network.Head, network.Embedding) ? embedding : new PackedTensor("lm_head.weight", network.Head),
            [.. network.Layers.Select(Layer)]);
    }

    private static LlamaLayerWeights Layer(PackedLayer layer, int index)
    {
        var prefix = $"model.layers.{index}.";
        return new LlamaLayerWeights(
            new VectorTensor(prefix + "input_layernorm.weight", layer.InputNorm),
            new PackedTensor(prefix + "self_attn.q_proj.weight", layer.Query),
            new PackedTensor(prefix + "self_attn.k_proj.weight", layer.Key),
            new PackedTensor(prefix + "self_attn.v_proj.weight", layer.Value),
            new PackedTensor(prefix + "self_attn.o_proj.weight", layer.Output),
            new VectorTensor(prefix + "post_attention_layernorm.weight", layer.PostAttentionNorm),
            new PackedTensor(prefix + "mlp.gate_proj.weight", layer.Gate),
            new PackedTensor(prefix + "mlp.up_proj.weight", layer.Up),
            new PackedTensor(prefix + "mlp.down_proj.weight", layer.Down),
            layer.OutputBias is { } o ? new VectorTensor(prefix + "self_attn.o_proj.bias", o) : null,
            layer.DownBias is { } down ? new VectorTensor(prefix + "mlp.down_proj.bias", down) : null);
    }

    private sealed unsafe class PackedTensor(string name, PackedMatrix matrix) : WeightTensor
    {
        public override string Name => name;

        public override int Rows => matrix.Rows;

        public override int Columns => matrix.Depth;

        public override void ReadRow(int row, Span<float> destination)
        {
            var source = matrix.RowStart(row);
            for (var k = 0; k < matrix.Depth; k++)
            {
                destination[k] = source[k * PackedMatrix.PanelRows];
            }
        }
    }

    private sealed unsafe class VectorTensor(string name, PackedVector vector) : WeightTensor
    {
        public override string Name => name;

        public override int Rows => 1;

        public override int Columns => vector.Length;

        public override void ReadRow(int row, Span<float> destination) => new ReadOnlySpan<float>(vector.Data, vector.Length).CopyTo(destination);
    }
}
