using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using static TorchSharp.torch;

namespace NasCluster.Torch;

/// <summary>The layers of a LLaMA-family network on one batch of sequences, padded at their ends.</summary>
/// <remarks>
/// Legend: B sequences, T tokens of the longest, C hidden size, G kept KV groups, Q query heads of a group, D kept channels of a head,
/// M kept MLP channels. A token sees only those before it, so padding never reaches a token that counts.
/// </remarks>
/// <param name="configuration">The network.</param>
/// <param name="weights">Its weights.</param>
/// <param name="turns">Rotary positions, at least T.</param>
/// <param name="attention">How attention is computed.</param>
internal sealed class TorchForward(LlamaConfiguration configuration, TorchWeights weights, RotaryTurns turns, TorchAttention attention)
{
    /// <summary>The residual stream of tokens: [B, T, C].</summary>
    /// <param name="tokens">[B, T], int64.</param>
    public Tensor Embed(Tensor tokens) => weights.EmbedTokens.index_select(0, tokens.view(-1)).view(tokens.shape[0], tokens.shape[1], configuration.HiddenSize);

    /// <summary>A layer's output: [B, T, C].</summary>
    /// <param name="x">[B, T, C].</param>
    /// <param name="layer">What is kept of the layer.</param>
    /// <param name="kept">Keys and values of the tokens before these, to which theirs are added; null for whole sequences, and for a layer without attention.</param>
    /// <param name="first">Place of the first of these tokens in its sequence.</param>
    public Tensor Layer(Tensor x, LayerArchitecture layer, TorchKeyValues? kept = null, int first = 0)
    {
        using var scope = NewDisposeScope();
        var own = weights.Layers[layer.SourceLayer];
        var result = x;
        if (layer.KvGroups.Count > 0)
        {
            result = result + Attention(Normalised(result, own.InputNorm!), own, layer, kept, first);
        }

        if (layer.MlpChannels.Count > 0)
        {
            result = result + Mlp(Normalised(result, own.MlpNorm!), own, layer.MlpChannels);
        }

        return ReferenceEquals(result, x) ? x.alias().MoveToOuterDisposeScope() : result.MoveToOuterDisposeScope();
    }

    /// <summary>Logits in float32 of some rows: [rows, vocabulary].</summary>
    /// <param name="rows">[rows, C] of the residual stream.</param>
    public Tensor Logits(Tensor rows) => nn.functional.linear(Normalised(rows, weights.Norm), weights.LmHead).to(float32);

    // The mean square in float32, as LLaMA has it whatever its weights' format.
    private Tensor Normalised(Tensor x, Tensor gain)
    {
        var single = x.to(float32);
        return (single * (single.square().mean([-1], keepdim: true) + configuration.NormEpsilon).rsqrt()).to(gain.dtype) * gain;
    }

    private Tensor Attention(Tensor x, TorchLayer own, LayerArchitecture layer, TorchKeyValues? past, int first)
    {
        var shape = configuration.Layers[layer.SourceLayer];
        var (sequences, length) = (x.shape[0], x.shape[1]);
        var (groups, perGroup, channels) = (layer.KvGroups.Count, configuration.QueryHeadsPerKvHead, configuration.HeadChannels(shape));
        var kept = layer.HeadPairs is { } pairs ? 2 * pairs.Count : channels;
        var heads = groups * perGroup;

        var queries = Rotated(Split(nn.functional.linear(x, Rows(own.Query!, layer, perGroup, channels, 0)), heads, kept), layer, first);
        var keys = Rotated(Split(nn.functional.linear(x, Rows(own.Key!, layer, 1, channels, 0)), groups, kept), layer, first);
        var values = Split(nn.functional.linear(x, Rows(own.Value!, layer, 1, channels, 0)), groups, kept);
        Tensor? seen = null;
        if (past is not null)
        {
            past.Keys.narrow(2, first, length).copy_(keys);
            past.Values.narrow(2, first, length).copy_(values);
        }

        if (first > 0)
        {
            // The queries of a group side by side read its keys as they lie, which are many and would have to be copied for each query head.
            (keys, values) = (past!.Keys.narrow(2, 0, first + length), past.Values.narrow(2, 0, first + length));
            queries = queries.reshape(sequences, groups, perGroup * length, kept);
            seen = length > 1 ? ones([length, first + length], @bool, x.device).tril(first).repeat(perGroup, 1) : null;
        }
        else if (perGroup > 1)
        {
            (keys, values) = (Repeated(keys), Repeated(values));
        }

        var mixed = (attention == TorchAttention.Fused ? Fused() : Plain()).reshape(sequences, heads, length, kept);
        var joined = mixed.transpose(1, 2).reshape(sequences, length, heads * kept);
        return nn.functional.linear(joined, Rows(own.Output!, layer, perGroup, channels, 1), own.OutputBias!);

        // The library divides by the root of the channels there are, the network by that of its whole heads.
        Tensor Fused() => nn.functional.scaled_dot_product_attention(
            kept == configuration.HeadSize ? queries : queries * Math.Sqrt((double)kept / configuration.HeadSize), keys, values, seen, is_casual: first == 0);

        Tensor Plain()
        {
            var scores = Product(queries.to(float32), keys.to(float32).transpose(-2, -1)) / Math.Sqrt(configuration.HeadSize);
            if (first == 0 || seen is not null)
            {
                var later = seen is null ? ones([length, length], @bool, x.device).triu(1) : seen.logical_not();
                scores = scores.masked_fill(later, double.NegativeInfinity);
            }

            return Product(scores.softmax(-1), values.to(float32)).to(values.dtype);
        }

        Tensor Repeated(Tensor tensor) =>
            tensor.unsqueeze(2).expand([sequences, groups, perGroup, length, kept]).reshape(sequences, heads, length, kept);
    }

    // Not matmul: of all functions used here it alone lets the native library's failures, such as running out of memory, end the process.
    private static Tensor Product(Tensor left, Tensor right) =>
        left.flatten(0, 1).bmm(right.flatten(0, 1)).view(left.shape[0], left.shape[1], left.shape[2], right.shape[3]);

    /// <summary>[B, T, heads x D] to [B, heads, T, D].</summary>
    private static Tensor Split(Tensor x, int heads, int channels) => x.view(x.shape[0], x.shape[1], heads, channels).transpose(1, 2);

    private Tensor Rotated(Tensor x, LayerArchitecture layer, int from)
    {
        var (length, half) = (x.shape[2], x.shape[3] / 2);
        var (cosines, sines) = (Turned(turns.Cosines), Turned(turns.Sines));
        var (first, second) = (x.narrow(3, 0, half).to(float32), x.narrow(3, half, half).to(float32));
        return cat([(first * cosines) - (second * sines), (second * cosines) + (first * sines)], 3).to(x.dtype);

        Tensor Turned(Tensor table)
        {
            var positions = table.narrow(0, from, length);
            return configuration.KeptPairs(layer) is { } pairs ? Selected(positions, 1, pairs) : positions;
        }
    }

    private Tensor Mlp(Tensor x, TorchLayer own, ChannelSelection channels)
    {
        var gate = nn.functional.linear(x, Selected(own.Gate!, 0, channels));
        var up = nn.functional.linear(x, Selected(own.Up!, 0, channels));
        return nn.functional.linear(gate.silu() * up, Selected(own.Down!, 1, channels), own.DownBias!);
    }

    /// <summary>What a layer keeps of a matrix of heads, along a dimension: a view where leading groups of whole heads stay.</summary>
    internal static Tensor Rows(Tensor matrix, LayerArchitecture layer, int headsPerGroup, int headChannels, int dimension) =>
        layer.KvGroups.IsLeading && layer.HeadPairs is null
            ? matrix.narrow(dimension, 0, layer.KvGroups.Count * headsPerGroup * headChannels)
            : Gathered(matrix, dimension, KeptChannels.OfHeads(layer.KvGroups, headsPerGroup, layer.HeadPairs, headChannels));

    /// <summary>What a selection keeps of a matrix, along a dimension: a view where the leading ones stay.</summary>
    internal static Tensor Selected(Tensor matrix, int dimension, ChannelSelection channels) =>
        channels.IsLeading ? matrix.narrow(dimension, 0, channels.Count) : Gathered(matrix, dimension, KeptChannels.Of(channels));

    private static Tensor Gathered(Tensor matrix, int dimension, int[] places) =>
        matrix.index_select(dimension, tensor(Array.ConvertAll(places, p => (long)p), device: matrix.device));
}
