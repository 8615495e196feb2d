using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Training;
using static TorchSharp.torch;

namespace NasCluster.Torch.Training;

/// <summary>A network's weights on a device as what gradients are taken by: one leaf for each tensor, numbered in the canonical order of checkpoints.</summary>
internal sealed class TorchParameters : IDisposable
{
    private readonly int[][] _attention;
    private readonly int[][] _mlp;

    /// <exception cref="NasCluster.Core.NasClusterException">A weight is not finite, or the network is one of those that are not trained.</exception>
    public TorchParameters(LlamaCheckpoint checkpoint, ScalarType type, Device device)
    {
        ParameterSet.RequireTrainable(checkpoint.Configuration);
        Weights = new TorchWeights(checkpoint, type, device);
        var all = ImmutableArray.CreateBuilder<Tensor>();
        var layers = checkpoint.Configuration.Layers;
        (_attention, _mlp) = (new int[layers.Length][], new int[layers.Length][]);
        all.Add(Weights.EmbedTokens);
        for (var i = 0; i < layers.Length; i++)
        {
            var own = Weights.Layers[i];
            _attention[i] = layers[i].KvHeadCount > 0 ? Add(own.InputNorm!, own.Query!, own.Key!, own.Value!, own.Output!) : [];
            _mlp[i] = layers[i].IntermediateSize > 0 ? Add(own.MlpNorm!, own.Gate!, own.Up!, own.Down!) : [];
        }

        Norm = Add(Weights.Norm)[0];
        Head = checkpoint.Configuration.TiedEmbeddings ? Embedding : Add(Weights.LmHead)[0];
        Tensors = all.ToImmutable();
        Specs = [.. TensorCatalog.Of(checkpoint.Configuration)];
        foreach (var tensor in Tensors)
        {
            tensor.requires_grad = true;
        }

        int[] Add(params Tensor[] tensors)
        {
            var first = all.Count;
            all.AddRange(tensors);
            return [.. Enumerable.Range(first, tensors.Length)];
        }
    }

    /// <summary>The weights by their roles; the same tensors as <see cref="Tensors"/>.</summary>
    public TorchWeights Weights { get; }

    /// <summary>Every tensor once, as in <see cref="ParameterSet.Tensors"/>; norms are vectors.</summary>
    public ImmutableArray<Tensor> Tensors { get; }

    /// <summary>Their names and sizes.</summary>
    public ImmutableArray<TensorSpec> Specs { get; }

    /// <summary>The numbers of what belongs to no layer: embedding, last norm and head.</summary>
    public int[] Outside => [.. new[] { Embedding, Norm, Head }.Distinct()];

    /// <summary>Number of the embedding.</summary>
    public int Embedding => 0;

    /// <summary>Number of the last norm.</summary>
    public int Norm { get; }

    /// <summary>Number of the output head, which is the embedding's when tied.</summary>
    public int Head { get; }

    /// <summary>The numbers of a layer's tensors.</summary>
    public int[] Of(int layer) => [.. _attention[layer], .. _mlp[layer]];

    /// <summary>The numbers of those that a sub-network's layer computes with.</summary>
    public int[] Used(LayerArchitecture layer) =>
    [
        .. layer.KvGroups.Count > 0 ? _attention[layer.SourceLayer] : [],
        .. layer.MlpChannels.Count > 0 ? _mlp[layer.SourceLayer] : [],
    ];

    public void Dispose() => Weights.Dispose();
}
