using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Training;

/// <summary>Numbers of weights of a network, as far as the memory of its training goes by them.</summary>
internal sealed class TrainingTensorSizes
{
    public TrainingTensorSizes(LlamaConfiguration configuration)
    {
        var all = TensorCatalog.Of(configuration).ToArray();
        All = all.Sum(Size);
        Largest = all.Max(Size);
        Head = Size(TensorCatalog.LmHead(configuration));
        LargestLayer = Enumerable.Range(0, configuration.Layers.Length)
            .Select(i => TensorCatalog.Layer(configuration, i).Where(s => s.IsStored).Sum(Size)).DefaultIfEmpty().Max();
        Outside = Size(TensorCatalog.EmbedTokens(configuration)) + configuration.HiddenSize + (configuration.TiedEmbeddings ? 0 : Head);
        Factors = all.Sum(s => s.IsVector ? Size(s) : (long)s.Rows + s.Columns);
    }

    public long All { get; }

    /// <summary>Of the largest tensor.</summary>
    public long Largest { get; }

    public long Head { get; }

    public long LargestLayer { get; }

    /// <summary>Of what belongs to no layer.</summary>
    public long Outside { get; }

    /// <summary>Rows and columns of all matrices, and all vectors.</summary>
    public long Factors { get; }

    private static long Size(TensorSpec spec) => (long)spec.Rows * spec.Columns;
}
