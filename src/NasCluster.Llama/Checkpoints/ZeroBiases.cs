using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Checkpoints;

/// <summary>The biases that Hugging Face files of a network with output biases must hold too, all zeros.</summary>
/// <remarks>
/// That layout gives either all four projections of attention a bias or none (<c>attention_bias</c>), and likewise the three of the MLP
/// (<c>mlp_bias</c>). They are part of the files alone: the network computes the same without them.
/// </remarks>
internal static class ZeroBiases
{
    public static IEnumerable<TensorSpec> Of(LlamaConfiguration configuration) => configuration.HasOutputBiases
        ? Enumerable.Range(0, configuration.Layers.Length).SelectMany(i => OfLayer(TensorCatalog.Layer(configuration, i)))
        : [];

    // A bias has one value for each row of its matrix.
    private static IEnumerable<TensorSpec> OfLayer(TensorSpec[] layer) =>
        from which in new[] { LayerTensor.QProj, LayerTensor.KProj, LayerTensor.VProj, LayerTensor.GateProj, LayerTensor.UpProj }
        let matrix = layer[(int)which]
        where matrix.IsStored
        select new TensorSpec(Path.ChangeExtension(matrix.Name, "bias"), 1, matrix.Rows, true);
}
