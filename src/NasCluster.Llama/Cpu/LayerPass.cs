using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Cpu;

/// <summary>Runs layers over a batch. A layer is two passes over blocks of panels, the second once all keys and values are there.</summary>
/// <remarks>Within a pass a block stays in its thread's cache from the norm to the residual connection; blocks do not touch each other.</remarks>
internal sealed unsafe class LayerPass : IDisposable
{
    private const int Lanes = TokenBatch.Lanes;

    private readonly LlamaConfiguration _configuration;
    private readonly CpuKernels _kernels;
    private readonly Workers _workers;
    private readonly BufferPool _pool;
    private readonly TokenBatch _batch;
    private readonly AlignedBuffer _queries;
    private readonly AlignedBuffer _keys;
    private readonly AlignedBuffer _values;
    private readonly nint _queryStride;
    private readonly nint _keyStride;
    private readonly nint _hiddenStride;
    private readonly nint _mlpStride;
    private readonly int _blockPanels;
    private readonly int _blocks;

    public LayerPass(LlamaConfiguration configuration, CpuKernels kernels, Workers workers, BufferPool pool, TokenBatch batch)
    {
        _configuration = configuration;
        _kernels = kernels;
        _workers = workers;
        _pool = pool;
        _batch = batch;
        var groups = configuration.Layers.Select(l => l.KvHeadCount).DefaultIfEmpty().Max();
        var channels = configuration.Layers.Select(l => l.IntermediateSize).DefaultIfEmpty().Max();
        _keyStride = Stride(groups * configuration.HeadSize);
        _queryStride = Stride(groups * configuration.HeadSize * configuration.QueryHeadsPerKvHead);
        _hiddenStride = Stride(configuration.HiddenSize);
        _mlpStride = Stride(channels);
        _blockPanels = workers.BlockPanels(batch.Panels);
        _blocks = (batch.Panels + _blockPanels - 1) / _blockPanels;
        _queries = pool.Rent(batch.Panels * _queryStride);
        _keys = pool.Rent(batch.Panels * _keyStride);
        _values = pool.Rent(batch.Panels * _keyStride);
    }

    /// <summary>Floats that one panel of <paramref name="channels"/> takes, whole tiles of 12 or 8 rows and then some.</summary>
    public static nint Stride(int channels) => (nint)PackedMatrix.Pad(channels) * Lanes;

    /// <summary>Runs one layer on the residual stream, in place.</summary>
    /// <param name="layer">What is kept of it.</param>
    /// <param name="hidden">[panels][hidden size, padded][32].</param>
    public void Run(LayerView layer, AlignedBuffer hidden)
    {
        if (layer.KvGroups > 0)
        {
            _workers.Run(_blocks, _blockPanels * _hiddenStride, (block, scratch) => Project(layer, hidden.Data, block, scratch.Data));
        }

        var attention = (_blockPanels * _queryStride) + (((nint)_batch.LongestSequence + (2 * Lanes) + _configuration.HeadSize + 8) * Lanes);
        var mlp = _blockPanels * (_hiddenStride + _mlpStride);
        _workers.Run(_blocks, Math.Max(attention, mlp), (block, scratch) =>
        {
            var x = hidden.Data + (block * (nint)_blockPanels * _hiddenStride);
            if (layer.KvGroups > 0)
            {
                Attend(layer, x, block, scratch.Data);
            }

            if (layer.MlpChannels > 0)
            {
                Mlp(layer, x, block, scratch.Data);
            }
        });
    }

    public void Dispose()
    {
        _pool.Return(_queries);
        _pool.Return(_keys);
        _pool.Return(_values);
    }

    private int Count(int block) => Math.Min(_blockPanels, _batch.Panels - (block * _blockPanels));

    private void Normalize(float* x, PackedVector gain, float* output, int count)
    {
        for (var p = 0; p < count; p++)
        {
            _kernels.Normalize(x + (p * _hiddenStride), gain.Data, output + (p * _hiddenStride), gain.Length, _configuration.NormEpsilon);
        }
    }

    private void Project(LayerView layer, float* hidden, int block, float* normalized)
    {
        var first = block * _blockPanels;
        var count = Count(block);
        var queries = _queries.Data + (first * _queryStride);
        var keys = _keys.Data + (first * _keyStride);
        Normalize(hidden + (first * _hiddenStride), layer.Layer.InputNorm, normalized, count);
        _kernels.Project(layer.Query, normalized, _hiddenStride, queries, _queryStride, count, TileEnd.Store);
        _kernels.Project(layer.Key, normalized, _hiddenStride, keys, _keyStride, count, TileEnd.Store);
        _kernels.Project(layer.Value, normalized, _hiddenStride, _values.Data + (first * _keyStride), _keyStride, count, TileEnd.Store);
        var headSize = _configuration.HeadSize;

        // Attention takes powers of 2 instead of e, which turns all scores by the factor that queries are scaled by anyway.
        var scale = (float)(1 / (Math.Sqrt(headSize) * Math.Log(2)));
        for (var p = 0; p < count; p++)
        {
            var cosines = _batch.Angles(first + p);
            var sines = cosines + (headSize / 2 * Lanes);
            var heads = layer.KvGroups * _configuration.QueryHeadsPerKvHead;
            _kernels.Rotate(queries + (p * _queryStride), heads, headSize, cosines, sines, scale);
            _kernels.Rotate(keys + (p * _keyStride), layer.KvGroups, headSize, cosines, sines, 1f);
        }
    }

    private void Attend(LayerView layer, float* x, int block, float* scratch)
    {
        var count = Count(block);
        var headLength = _configuration.HeadSize * Lanes;
        var perGroup = _configuration.QueryHeadsPerKvHead;
        var task = new AttentionTask
        {
            HeadSize = _configuration.HeadSize,
            KeyValueStride = _keyStride,
            Sums = scratch + (_blockPanels * _queryStride),
        };
        task.Scores = task.Sums + ((_configuration.HeadSize + 8) * Lanes);
        for (var p = 0; p < count; p++)
        {
            var panel = (block * _blockPanels) + p;
            var output = scratch + (p * _queryStride);
            var segments = _batch.Segments(panel);
            if (panel == _batch.Panels - 1)
            {
                // The lanes beyond the last row must hold numbers, if only to be fast.
                new Span<float>(output, layer.KvGroups * perGroup * headLength).Clear();
            }

            for (var s = 0; s < segments.Length; s++)
            {
                _batch.Describe(panel, s, ref task);
                var keyPanel = segments[s].SequenceRow / Lanes;
                for (var head = 0; head < layer.KvGroups * perGroup; head++)
                {
                    var offset = head / perGroup * headLength;
                    task.Query = _queries.Data + (panel * _queryStride) + (head * headLength);
                    task.Keys = _keys.Data + (keyPanel * _keyStride) + offset;
                    task.Values = _values.Data + (keyPanel * _keyStride) + offset;
                    task.Output = output + (head * headLength);
                    _kernels.Attend(in task);
                }
            }
        }

        _kernels.Project(layer.Output, scratch, _queryStride, x, _hiddenStride, count, TileEnd.Add);
    }

    private void Mlp(LayerView layer, float* x, int block, float* scratch)
    {
        var count = Count(block);
        var gated = scratch + (_blockPanels * _hiddenStride);
        Normalize(x, layer.Layer.PostAttentionNorm, scratch, count);
        _kernels.ProjectGated(layer.Gate, layer.Up, scratch, _hiddenStride, gated, _mlpStride, count);
        _kernels.Project(layer.Down, gated, _mlpStride, x, _hiddenStride, count, TileEnd.Add);
    }
}
