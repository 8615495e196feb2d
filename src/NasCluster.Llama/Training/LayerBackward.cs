using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>A layer's backward pass: from the gradient by its output to that by its input, and by its weights on the way.</summary>
internal sealed unsafe class LayerBackward : IDisposable
{
    private const int Lanes = TokenBatch.Lanes;

    private readonly TrainingShape _shape;
    private readonly CpuKernels _kernels;
    private readonly TrainingKernels _training;
    private readonly Workers _workers;
    private readonly BufferPool _pool;
    private readonly WeightGradients _weights;
    private readonly AttentionBackward _attention;
    private readonly AlignedBuffer _buffer;
    private readonly float* _normalized;
    private readonly float* _mixed;
    private readonly float* _queries;
    private readonly float* _keys;
    private readonly float* _values;
    private readonly float* _gated;
    private readonly float* _inverse;
    private readonly float* _turned;
    private readonly float* _turnedHidden;

    public LayerBackward(TrainingShape shape, CpuKernels kernels, TrainingKernels training, Workers workers, BufferPool pool, WeightGradients weights)
    {
        (_shape, _kernels, _training, _workers, _pool, _weights) = (shape, kernels, training, workers, pool, weights);
        _attention = new AttentionBackward(shape, training, workers);
        var turned = TokenMajor.Length(shape.Panels, Math.Max(shape.Query, shape.Mlp) / Lanes);
        var turnedHidden = TokenMajor.Length(shape.Panels, shape.Hidden / Lanes);
        _buffer = pool.Rent((shape.Panels * (shape.Hidden + (2 * shape.Query) + (2 * shape.Key) + shape.Mlp + Lanes)) + turned + turnedHidden);
        _normalized = _buffer.Data;
        _mixed = _normalized + (shape.Panels * shape.Hidden);
        _queries = _mixed + (shape.Panels * shape.Query);
        _keys = _queries + (shape.Panels * shape.Query);
        _values = _keys + (shape.Panels * shape.Key);
        _gated = _values + (shape.Panels * shape.Key);
        _inverse = _gated + (shape.Panels * shape.Mlp);
        _turned = _inverse + (shape.Panels * Lanes);
        _turnedHidden = _turned + turned;
    }

    /// <summary>Runs it.</summary>
    /// <param name="slice">What is kept of the layer.</param>
    /// <param name="input">The layer's input [panels][hidden, padded][32].</param>
    /// <param name="kept">Of its forward pass; used up.</param>
    /// <param name="residual">Gradient by the layer's output; becomes that by its input. 0 in lanes that hold no token.</param>
    /// <param name="gradients">Added to.</param>
    public void Run(LayerSlice slice, float* input, LayerActivations kept, float* residual, ParameterSet gradients)
    {
        if (slice.MlpChannels > 0)
        {
            Mlp(slice, kept, residual, gradients);
        }

        if (slice.KvGroups > 0)
        {
            Attention(slice, input, kept, residual, gradients);
        }
    }

    public void Dispose() => _pool.Return(_buffer);

    private void Mlp(LayerSlice slice, LayerActivations kept, float* residual, ParameterSet gradients)
    {
        var hidden = _shape.Configuration.HiddenSize;
        var channels = slice.MlpChannels;
        var layer = slice.Layer;
        var turnedGated = new TokenMajor(_turned, _shape.Panels, channels);
        var turnedInput = new TokenMajor(_turnedHidden, _shape.Panels, hidden);
        ForEachBlock((first, count) =>
        {
            var gated = _gated + (first * _shape.Mlp);
            var gate = kept.Gate + (first * _shape.Mlp);
            var up = kept.Up + (first * _shape.Mlp);
            var normalized = _normalized + (first * _shape.Hidden);
            _kernels.Project(
                layer.Down.Backward(hidden, channels), residual + (first * _shape.Hidden), _shape.Hidden, gated, _shape.Mlp, count, TileEnd.Store);
            for (var p = 0; p < count; p++)
            {
                var offset = p * _shape.Mlp;
                _training.GateBackward(gate + offset, up + offset, gated + offset, channels * Lanes);
            }

            _kernels.Project(layer.Gate.Backward(channels, hidden), gate, _shape.Mlp, normalized, _shape.Hidden, count, TileEnd.Store);
            _kernels.Project(layer.Up.Backward(channels, hidden), up, _shape.Mlp, normalized, _shape.Hidden, count, TileEnd.Add);
            turnedGated.Take(kept.Gated, _shape.Mlp, first, count);
            turnedInput.Take(kept.MlpInput, _shape.Hidden, first, count);
        });
        _weights.Add(
            _shape.Batch.Rows,
            new WeightProduct(Hidden(residual), turnedGated, gradients.Layer(slice.Source, LayerTensor.DownProj)),
            new WeightProduct(new PanelView(kept.Gate, _shape.Mlp, channels), turnedInput, gradients.Layer(slice.Source, LayerTensor.GateProj)),
            new WeightProduct(new PanelView(kept.Up, _shape.Mlp, channels), turnedInput, gradients.Layer(slice.Source, LayerTensor.UpProj)));
        Norm(kept.Middle, layer.PostAttentionNorm, residual, gradients.Layer(slice.Source, LayerTensor.PostAttentionLayernorm));
    }

    private void Attention(LayerSlice slice, float* input, LayerActivations kept, float* residual, ParameterSet gradients)
    {
        var hidden = _shape.Configuration.HiddenSize;
        var layer = slice.Layer;
        var turnedMixed = new TokenMajor(_turned, _shape.Panels, slice.QueryRows);
        var turnedInput = new TokenMajor(_turnedHidden, _shape.Panels, hidden);
        ForEachBlock((first, count) => _kernels.Project(
            layer.Output.Backward(hidden, slice.QueryRows),
            residual + (first * _shape.Hidden),
            _shape.Hidden,
            _mixed + (first * _shape.Query),
            _shape.Query,
            count,
            TileEnd.Store));
        _attention.Run(slice, kept, _mixed, _queries, _keys, _values);
        ForEachBlock((first, count) =>
        {
            var queries = _queries + (first * _shape.Query);
            var keys = _keys + (first * _shape.Key);
            var normalized = _normalized + (first * _shape.Hidden);
            TurnBack(slice, queries, keys, first, count);
            _kernels.Project(layer.Query.Backward(slice.QueryRows, hidden), queries, _shape.Query, normalized, _shape.Hidden, count, TileEnd.Store);
            _kernels.Project(layer.Key.Backward(slice.KeyRows, hidden), keys, _shape.Key, normalized, _shape.Hidden, count, TileEnd.Add);
            _kernels.Project(
                layer.Value.Backward(slice.KeyRows, hidden), _values + (first * _shape.Key), _shape.Key, normalized, _shape.Hidden, count, TileEnd.Add);
            turnedMixed.Take(kept.Mixed, _shape.Query, first, count);
            turnedInput.Take(kept.AttentionInput, _shape.Hidden, first, count);
        });
        _weights.Add(
            _shape.Batch.Rows,
            new WeightProduct(Hidden(residual), turnedMixed, gradients.Layer(slice.Source, LayerTensor.OProj)),
            new WeightProduct(new PanelView(_queries, _shape.Query, slice.QueryRows), turnedInput, gradients.Layer(slice.Source, LayerTensor.QProj)),
            new WeightProduct(new PanelView(_keys, _shape.Key, slice.KeyRows), turnedInput, gradients.Layer(slice.Source, LayerTensor.KProj)),
            new WeightProduct(new PanelView(_values, _shape.Key, slice.KeyRows), turnedInput, gradients.Layer(slice.Source, LayerTensor.VProj)));
        Norm(input, layer.InputNorm, residual, gradients.Layer(slice.Source, LayerTensor.InputLayernorm));
    }

    private void TurnBack(LayerSlice slice, float* queries, float* keys, int first, int count)
    {
        // The forward pass scales queries by 1 / (sqrt(headSize) ln 2) after turning them, for powers of 2. Scores to the base e are
        // q k / sqrt(headSize), so dq has that factor, and dk = dS q / sqrt(headSize) is ln 2 times the sum with the scaled queries.
        var headSize = _shape.Configuration.HeadSize;
        var queryFactor = (float)(1 / Math.Sqrt(headSize));
        var keyFactor = (float)Math.Log(2);
        for (var p = 0; p < count; p++)
        {
            var cosines = _shape.Batch.Angles(first + p);
            var sines = cosines + (headSize / 2 * Lanes);
            _training.RotateBack(queries + (p * _shape.Query), slice.QueryHeads, headSize, cosines, sines, queryFactor);
            _training.RotateBack(keys + (p * _shape.Key), slice.KvGroups, headSize, cosines, sines, keyFactor);
        }
    }

    // Adds to the residual gradient what comes through a norm whose output's gradient is in _normalized.
    private void Norm(float* input, GainVector gain, float* residual, InMemoryTensor accumulator)
    {
        var hidden = _shape.Configuration.HiddenSize;
        ForEachBlock((first, count) =>
        {
            for (var panel = first; panel < first + count; panel++)
            {
                var at = panel * _shape.Hidden;
                _training.NormBackward(
                    input + at, gain.Data, _normalized + at, residual + at, _inverse + (panel * Lanes), hidden, _shape.Configuration.NormEpsilon);
            }
        });
        _weights.AddGain(Hidden(input), _normalized, _inverse, _shape.Panels, accumulator);
    }

    private PanelView Hidden(float* data) => new(data, _shape.Hidden, _shape.Configuration.HiddenSize);

    private void ForEachBlock(Action<int, int> body) =>
        _workers.Run(_shape.Blocks, 0, (block, _) => body(block * _shape.BlockPanels, _shape.Count(block)));
}
