using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Checkpoints;

/// <summary>A checkpoint whose tensors are already at hand: extracted, trained or made up.</summary>
public sealed class InMemoryCheckpoint : LlamaCheckpoint
{
    private readonly IDisposable? _source;

    /// <summary>Makes a checkpoint of tensors that fit the configuration.</summary>
    /// <param name="configuration">The shape.</param>
    /// <param name="fingerprint">Its fingerprint.</param>
    /// <param name="embedTokens">[vocabulary, hidden].</param>
    /// <param name="norm">[1, hidden].</param>
    /// <param name="lmHead">[vocabulary, hidden]; the same object as <paramref name="embedTokens"/> when tied.</param>
    /// <param name="layers">One per layer of the configuration.</param>
    /// <param name="source">Disposed with it: what the tensors are views of, if anything.</param>
    public InMemoryCheckpoint(
        LlamaConfiguration configuration,
        string fingerprint,
        WeightTensor embedTokens,
        WeightTensor norm,
        WeightTensor lmHead,
        ImmutableArray<LlamaLayerWeights> layers,
        IDisposable? source = null)
    {
        if (layers.Length != configuration.Layers.Length)
        {
            throw new ArgumentException($"{layers.Length} layers of weights for {configuration.Layers.Length} layers.", nameof(layers));
        }

        for (var i = 0; i < layers.Length; i++)
        {
            var shape = configuration.Layers[i];
            RequireBias(layers[i].OProjBias, configuration.HasOutputBiases && shape.KvHeadCount > 0, $"o_proj of layer {i}");
            RequireBias(layers[i].DownProjBias, configuration.HasOutputBiases && shape.IntermediateSize > 0, $"down_proj of layer {i}");
        }

        Configuration = configuration;
        Fingerprint = fingerprint;
        EmbedTokens = embedTokens;
        Norm = norm;
        LmHead = lmHead;
        Layers = layers;
        _source = source;
    }

    /// <inheritdoc/>
    public override LlamaConfiguration Configuration { get; }

    /// <inheritdoc/>
    public override string Fingerprint { get; }

    /// <inheritdoc/>
    public override WeightTensor EmbedTokens { get; }

    /// <inheritdoc/>
    public override WeightTensor Norm { get; }

    /// <inheritdoc/>
    public override WeightTensor LmHead { get; }

    /// <inheritdoc/>
    public override ImmutableArray<LlamaLayerWeights> Layers { get; }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source?.Dispose();
        }
    }

    private static void RequireBias(WeightTensor? bias, bool isNeeded, string what)
    {
        if (bias is not null != isNeeded)
        {
            throw new ArgumentException($"{what} {(isNeeded ? "lacks the bias" : "has a bias")} that the configuration {(isNeeded ? "asks for" : "has no place for")}.");
        }
    }
}
