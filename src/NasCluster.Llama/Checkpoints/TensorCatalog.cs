using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Checkpoints;

/// <summary>A tensor a network must have.</summary>
/// <param name="Name">Its Hugging Face name.</param>
/// <param name="Rows">Outputs.</param>
/// <param name="Columns">Inputs.</param>
/// <param name="IsVector">Whether it is stored with one dimension.</param>
/// <param name="IsStored">False for what belongs to an attention or MLP that the layer does not have.</param>
internal readonly record struct TensorSpec(string Name, int Rows, int Columns, bool IsVector, bool IsStored = true);

/// <summary>The tensors of a layer, in canonical order.</summary>
internal enum LayerTensor
{
    InputLayernorm,
    QProj,
    KProj,
    VProj,
    OProj,
    PostAttentionLayernorm,
    GateProj,
    UpProj,
    DownProj,
    OProjBias,
    DownProjBias,
}

/// <summary>Which tensors a configuration asks for, in the canonical order that files are written and fingerprints taken in.</summary>
internal static class TensorCatalog
{
    public static TensorSpec EmbedTokens(LlamaConfiguration c) => new("model.embed_tokens.weight", c.VocabularySize, c.HiddenSize, false);

    public static TensorSpec Norm(LlamaConfiguration c) => new("model.norm.weight", 1, c.HiddenSize, true);

    public static TensorSpec LmHead(LlamaConfiguration c) => new("lm_head.weight", c.VocabularySize, c.HiddenSize, false);

    /// <summary>The tensors of one layer, indexed by <see cref="LayerTensor"/>: the biases are there just where the configuration has any.</summary>
    public static TensorSpec[] Layer(LlamaConfiguration c, int layer)
    {
        var shape = c.Layers[layer];
        var kv = checked(shape.KvHeadCount * c.HeadChannels(shape));
        var q = checked(kv * c.QueryHeadsPerKvHead);
        var mlp = shape.IntermediateSize;
        var prefix = $"model.layers.{layer}.";
        TensorSpec[] biases = c.HasOutputBiases
            ? [
                new(prefix + "self_attn.o_proj.bias", 1, c.HiddenSize, true, kv > 0),
                new(prefix + "mlp.down_proj.bias", 1, c.HiddenSize, true, mlp > 0),
            ]
            : [];
        return
        [
            new(prefix + "input_layernorm.weight", 1, c.HiddenSize, true, kv > 0),
            new(prefix + "self_attn.q_proj.weight", q, c.HiddenSize, false, kv > 0),
            new(prefix + "self_attn.k_proj.weight", kv, c.HiddenSize, false, kv > 0),
            new(prefix + "self_attn.v_proj.weight", kv, c.HiddenSize, false, kv > 0),
            new(prefix + "self_attn.o_proj.weight", c.HiddenSize, q, false, kv > 0),
            new(prefix + "post_attention_layernorm.weight", 1, c.HiddenSize, true, mlp > 0),
            new(prefix + "mlp.gate_proj.weight", mlp, c.HiddenSize, false, mlp > 0),
            new(prefix + "mlp.up_proj.weight", mlp, c.HiddenSize, false, mlp > 0),
            new(prefix + "mlp.down_proj.weight", c.HiddenSize, mlp, false, mlp > 0),
            .. biases,
        ];
    }

    /// <summary>Every stored tensor.</summary>
    public static IEnumerable<TensorSpec> Of(LlamaConfiguration c)
    {
        yield return EmbedTokens(c);
        for (var layer = 0; layer < c.Layers.Length; layer++)
        {
            foreach (var spec in Layer(c, layer).Where(s => s.IsStored))
            {
                yield return spec;
            }
        }

        yield return Norm(c);
        if (!c.TiedEmbeddings)
        {
            yield return LmHead(c);
        }
    }

    /// <summary>How many values all stored tensors have.</summary>
    public static long Values(LlamaConfiguration c) => Of(c).Sum(t => (long)t.Rows * t.Columns);

    /// <summary>Every stored tensor of a checkpoint, in the order of <see cref="Of"/>.</summary>
    public static IEnumerable<WeightTensor> Tensors(LlamaCheckpoint checkpoint)
    {
        yield return checkpoint.EmbedTokens;
        for (var i = 0; i < checkpoint.Layers.Length; i++)
        {
            var w = checkpoint.Layers[i];
            var shape = checkpoint.Configuration.Layers[i];
            WeightTensor[] attention = shape.KvHeadCount > 0 ? [w.InputLayernorm, w.QProj, w.KProj, w.VProj, w.OProj] : [];
            WeightTensor[] mlp = shape.IntermediateSize > 0 ? [w.PostAttentionLayernorm, w.GateProj, w.UpProj, w.DownProj] : [];
            foreach (var tensor in attention.Concat(mlp).Append(w.OProjBias).Append(w.DownProjBias).OfType<WeightTensor>())
            {
                yield return tensor;
            }
        }

        yield return checkpoint.Norm;
        if (!checkpoint.Configuration.TiedEmbeddings)
        {
            yield return checkpoint.LmHead;
        }
    }
}
