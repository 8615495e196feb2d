using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>One float32 array for each tensor of a network: its weights, the gradients of a loss by them, or an optimiser's averages.</summary>
/// <remarks>Row-major, [outputs, inputs], in the canonical order of checkpoints. Parts that a layer does not have are left out.</remarks>
public sealed class ParameterSet
{
    private readonly InMemoryTensor[][] _layers;

    private ParameterSet(LlamaConfiguration configuration)
    {
        RequireTrainable(configuration);
        Configuration = configuration;
        EmbedTokens = Empty(TensorCatalog.EmbedTokens(configuration));
        Norm = Empty(TensorCatalog.Norm(configuration));
        LmHead = configuration.TiedEmbeddings ? EmbedTokens : Empty(TensorCatalog.LmHead(configuration));
        _layers = [.. configuration.Layers.Select((_, i) => Array.ConvertAll(TensorCatalog.Layer(configuration, i), Empty))];
        Tensors = [.. TensorCatalog.Tensors(View(string.Empty)).Cast<InMemoryTensor>()];
    }

    /// <summary>The network's shape.</summary>
    public LlamaConfiguration Configuration { get; }

    /// <summary>Every tensor once, in canonical order; a tied output head is the embedding.</summary>
    public ImmutableArray<InMemoryTensor> Tensors { get; }

    internal InMemoryTensor EmbedTokens { get; }

    internal InMemoryTensor Norm { get; }

    /// <summary>The output head; the very object <see cref="EmbedTokens"/> when tied.</summary>
    internal InMemoryTensor LmHead { get; }

    /// <summary>All zero: where gradients are summed.</summary>
    /// <exception cref="NasClusterException">The network has output biases, or heads that lack rotary pairs: these are not trained.</exception>
    public static ParameterSet Zero(LlamaConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new ParameterSet(configuration);
    }

    /// <summary>A copy of a checkpoint's weights, from any layout and number format.</summary>
    /// <exception cref="NasClusterException">
    /// A tensor does not have the configuration's shape, or holds a weight that is not finite; or the network is one of those that are not
    /// trained, see <see cref="Zero"/>.
    /// </exception>
    public static ParameterSet Copy(LlamaCheckpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var result = new ParameterSet(checkpoint.Configuration);
        foreach (var (source, copy) in TensorCatalog.Tensors(checkpoint).Zip(result.Tensors))
        {
            WeightReading.RequireShape(source, copy.Rows, copy.Columns);
            for (var row = 0; row < copy.Rows; row++)
            {
                WeightReading.ReadFinite(source, row, copy.Values.AsSpan(row * copy.Columns, copy.Columns));
            }
        }

        return result;
    }

    /// <summary>Sets every value to zero.</summary>
    public void Clear()
    {
        foreach (var tensor in Tensors)
        {
            Array.Clear(tensor.Values);
        }
    }

    /// <summary>A checkpoint of the values as they are now, which later changes do not reach.</summary>
    public InMemoryCheckpoint ToCheckpoint()
    {
        var copy = new ParameterSet(Configuration);
        CopyTo(copy);

        // Norms in front of parts that are not there mean nothing, and are ones by convention.
        foreach (var absent in copy._layers.SelectMany(l => l).Except(copy.Tensors).Where(t => t.Columns == Configuration.HiddenSize))
        {
            Array.Fill(absent.Values, 1f);
        }

        return copy.View(CheckpointFingerprint.Compute(copy.View(string.Empty)));
    }

    internal void CopyTo(ParameterSet target)
    {
        foreach (var (from, to) in Tensors.Zip(target.Tensors))
        {
            from.Values.CopyTo(to.Values, 0);
        }
    }

    /// <exception cref="NasClusterException">The network is one of those that are not trained, see <see cref="Zero"/>.</exception>
    internal static void RequireTrainable(LlamaConfiguration configuration)
    {
        if (configuration.HasOutputBiases || configuration.Layers.Any(l => l.HeadPairs is not null))
        {
            throw new NasClusterException(
                $"The network has {(configuration.HasOutputBiases ? "output biases" : "heads that lack rotary pairs")}; training takes networks "
                + "without biases and with whole heads only.");
        }
    }

    internal InMemoryTensor Layer(int layer, LayerTensor tensor) => _layers[layer][(int)tensor];

    private static InMemoryTensor Empty(TensorSpec spec) => new(spec.Name, spec.Rows, spec.Columns, new float[checked(spec.Rows * spec.Columns)]);

    private InMemoryCheckpoint View(string fingerprint)
    {
        var layers = _layers.Select(t => new LlamaLayerWeights(t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8]));
        return new InMemoryCheckpoint(Configuration, fingerprint, EmbedTokens, Norm, LmHead, [.. layers]);
    }
}
