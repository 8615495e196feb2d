using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Training;

/// <summary>One layer's weights, packed for both directions.</summary>
internal sealed class TrainableLayer(ParameterSet weights, int layer) : IDisposable
{
    public GainVector InputNorm { get; } = new(weights.Layer(layer, LayerTensor.InputLayernorm));

    public TwoWayMatrix Query { get; } = new(weights.Layer(layer, LayerTensor.QProj));

    public TwoWayMatrix Key { get; } = new(weights.Layer(layer, LayerTensor.KProj));

    public TwoWayMatrix Value { get; } = new(weights.Layer(layer, LayerTensor.VProj));

    public TwoWayMatrix Output { get; } = new(weights.Layer(layer, LayerTensor.OProj));

    public GainVector PostAttentionNorm { get; } = new(weights.Layer(layer, LayerTensor.PostAttentionLayernorm));

    public TwoWayMatrix Gate { get; } = new(weights.Layer(layer, LayerTensor.GateProj));

    public TwoWayMatrix Up { get; } = new(weights.Layer(layer, LayerTensor.UpProj));

    public TwoWayMatrix Down { get; } = new(weights.Layer(layer, LayerTensor.DownProj));

    public IEnumerable<TwoWayMatrix> Matrices => [Query, Key, Value, Output, Gate, Up, Down];

    public void PackGains()
    {
        InputNorm.Pack();
        PostAttentionNorm.Pack();
    }

    public void Dispose()
    {
        InputNorm.Dispose();
        PostAttentionNorm.Dispose();
        foreach (var matrix in Matrices)
        {
            matrix.Dispose();
        }
    }
}
