using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Training;

namespace NasCluster.Llama.Calibration;

/// <summary>The running sums of one layer.</summary>
internal sealed unsafe class LayerSums
{
    private const int Lanes = TokenBatch.Lanes;

    private readonly int _layer;
    private readonly Workers _workers;
    private readonly (ChannelMoments Moments, GramSum? Gram)?[] _inputs;
    private double _similarity;
    private long _tokens;

    public LayerSums(LlamaConfiguration network, int layer, CalibrationOptions options, TrainingKernels kernels, Workers workers, BufferPool pool)
    {
        _layer = layer;
        _workers = workers;
        var shape = network.Layers[layer];
        var attention = shape.KvHeadCount > 0 ? network.HiddenSize : 0;
        var mlp = shape.IntermediateSize > 0 ? network.HiddenSize : 0;
        int[] channels = [attention, shape.KvHeadCount * network.QueryHeadsPerKvHead * network.HeadSize, mlp, shape.IntermediateSize];
        _inputs = [.. channels.Select((n, i) => Sums(n, options.Keeps(layer, (LayerInput)i)))];

        (ChannelMoments Moments, GramSum? Gram)? Sums(int n, bool keepsGram) =>
            n == 0 ? null : (new ChannelMoments(n), keepsGram ? new GramSum(n, kernels, workers, pool) : null);
    }

    /// <exception cref="NasClusterException">An activation is not finite.</exception>
    public void Add(TrainingShape shape, float* input, LayerActivations kept, float* output, int batch)
    {
        Add(LayerInput.Attention, kept.AttentionInput, shape.Hidden);
        Add(LayerInput.Output, kept.Mixed, shape.Query);
        Add(LayerInput.Mlp, kept.MlpInput, shape.Hidden);
        Add(LayerInput.Down, kept.Gated, shape.Mlp);
        AddSimilarity(shape, input, output, batch);

        void Add(LayerInput name, float* data, nint stride)
        {
            if (_inputs[(int)name] is var (moments, gram))
            {
                var view = new PanelView(data, stride, 0);
                var channel = moments.Add(view, shape.Batch.Rows, _workers);
                if (channel >= 0)
                {
                    throw new NasClusterException(
                        $"Calibration batch {batch}: channel {channel} of the {name} input of layer {_layer} is not finite; activations must be for statistics to mean anything.");
                }

                gram?.Add(view, shape.Batch.Rows, shape.Panels);
            }
        }
    }

    public LayerStatistics ToStatistics()
    {
        var inputs = Array.ConvertAll(_inputs, i => i?.Moments.ToStatistics(i.Value.Gram?.ToMatrix()));
        return new LayerStatistics(inputs[0], inputs[1], inputs[2], inputs[3], _similarity / _tokens);
    }

    private void AddSimilarity(TrainingShape shape, float* input, float* output, int batch)
    {
        var cosines = new double[shape.Panels * Lanes];
        _workers.Run(shape.Panels, 0, (panel, _) =>
        {
            Span<double> products = stackalloc double[Lanes];
            Span<double> before = stackalloc double[Lanes];
            Span<double> after = stackalloc double[Lanes];
            products.Clear();
            before.Clear();
            after.Clear();
            for (var c = 0; c < shape.Configuration.HiddenSize; c++)
            {
                var x = input + (panel * shape.Hidden) + (c * Lanes);
                var y = output + (panel * shape.Hidden) + (c * Lanes);
                for (var lane = 0; lane < Lanes; lane++)
                {
                    products[lane] += (double)x[lane] * y[lane];
                    before[lane] += (double)x[lane] * x[lane];
                    after[lane] += (double)y[lane] * y[lane];
                }
            }

            for (var lane = 0; lane < Lanes; lane++)
            {
                // A stream of zeros has no direction that could have changed.
                var sizes = Math.Sqrt(before[lane] * after[lane]);
                cosines[(panel * Lanes) + lane] = sizes == 0 ? 1 : products[lane] / sizes;
            }
        });
        for (var row = 0; row < shape.Batch.Rows; row++)
        {
            _similarity += cosines[row];
        }

        _tokens += shape.Batch.Rows;
        if (!double.IsFinite(_similarity))
        {
            throw new NasClusterException(
                $"Calibration batch {batch}: the residual stream after layer {_layer} is not finite; activations must be for statistics to mean anything.");
        }
    }
}
