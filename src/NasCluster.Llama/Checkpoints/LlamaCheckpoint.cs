using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Checkpoints;

/// <summary>A trained network as it lies in its files: the shape, and every weight tensor as a view of mapped memory.</summary>
/// <remarks>
/// Tensor names are those of Hugging Face checkpoints, and so is the order of rows: the rows of <c>q_proj</c> and
/// <c>k_proj</c> have the two halves of a rotary pair half a head apart, whatever the file's own layout.
/// </remarks>
public abstract class LlamaCheckpoint : IDisposable
{
    /// <summary>The network's shape.</summary>
    public abstract LlamaConfiguration Configuration { get; }

    /// <summary>SHA-256 over the configuration and all weights, in lower-case hexadecimal.</summary>
    public abstract string Fingerprint { get; }

    /// <summary><c>model.embed_tokens.weight</c> [vocabulary, hidden].</summary>
    public abstract WeightTensor EmbedTokens { get; }

    /// <summary><c>model.norm.weight</c> [1, hidden].</summary>
    public abstract WeightTensor Norm { get; }

    /// <summary><c>lm_head.weight</c> [vocabulary, hidden]; the very object <see cref="EmbedTokens"/> when tied.</summary>
    public abstract WeightTensor LmHead { get; }

    /// <summary>The layers, in the order they run.</summary>
    public abstract ImmutableArray<LlamaLayerWeights> Layers { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Unmaps the files. Tensors must not be read afterwards.</summary>
    protected abstract void Dispose(bool disposing);
}

/// <summary>The weights of one layer, each [outputs, inputs]. Parts of a layer without attention or MLP have 0 rows or columns.</summary>
/// <remarks>
/// The norm in front of such a part means nothing: files do not hold it, readers give ones, fingerprints leave it out. Where a layer lacks
/// rotary pairs, a head's channels are the first halves of those it has, in order, and then the second halves.
/// </remarks>
/// <param name="InputLayernorm"><c>input_layernorm.weight</c> [1, hidden].</param>
/// <param name="QProj"><c>self_attn.q_proj.weight</c> [heads x head channels, hidden].</param>
/// <param name="KProj"><c>self_attn.k_proj.weight</c> [KV heads x head channels, hidden].</param>
/// <param name="VProj"><c>self_attn.v_proj.weight</c> [KV heads x head channels, hidden].</param>
/// <param name="OProj"><c>self_attn.o_proj.weight</c> [hidden, heads x head channels].</param>
/// <param name="PostAttentionLayernorm"><c>post_attention_layernorm.weight</c> [1, hidden].</param>
/// <param name="GateProj"><c>mlp.gate_proj.weight</c> [intermediate, hidden].</param>
/// <param name="UpProj"><c>mlp.up_proj.weight</c> [intermediate, hidden].</param>
/// <param name="DownProj"><c>mlp.down_proj.weight</c> [hidden, intermediate].</param>
/// <param name="OProjBias"><c>self_attn.o_proj.bias</c> [1, hidden]; just where the configuration has output biases and the layer attention.</param>
/// <param name="DownProjBias"><c>mlp.down_proj.bias</c> [1, hidden]; just where the configuration has output biases and the layer an MLP.</param>
public sealed record LlamaLayerWeights(
    WeightTensor InputLayernorm,
    WeightTensor QProj,
    WeightTensor KProj,
    WeightTensor VProj,
    WeightTensor OProj,
    WeightTensor PostAttentionLayernorm,
    WeightTensor GateProj,
    WeightTensor UpProj,
    WeightTensor DownProj,
    WeightTensor? OProjBias = null,
    WeightTensor? DownProjBias = null);
