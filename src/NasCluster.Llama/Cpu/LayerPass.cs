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
    private readonly KeyValues _own;
    private readonly nint _queryStride;
    private readonly nint _hiddenStride;
    private readonly nint _mlpStride;

    public LayerPass(LlamaConfiguration configuration, CpuKernels kernels, Workers workers, BufferPool pool, TokenBatch batch)
    {
        _configuration = configuration;
        _kernels = kernels;
        _workers = workers;
        _pool = pool;
        _batch = batch;
        var keys = configuration.Layers.Select(l => l.KvHeadCount * configuration.HeadChannels(l)).DefaultIfEmpty().Max();
        var channels = configuration.Layers.Select(l => l.IntermediateSize).DefaultIfEmpty().Max();
        _queryStride = Stride(keys * configuration.QueryHeadsPerKvHead);
        _hiddenStride = Stride(configuration.HiddenSize);
        _mlpStride = Stride(channels);
        _queries = pool.Rent(batch.Panels * _queryStride);
        _own = new KeyValues(batch.Panels, keys, pool);
    }

    /// <summary>Floats that one panel of <paramref name="channels"/> takes, whole tiles of 12 or 8 rows and then some.</summary>
    public static nint Stride(int channels) => (nint)PackedMatrix.Pad(channels) * Lanes;

    /// <summary>Runs one layer on the residual stream, in place.</summary>
    /// <param name="layer">What is kept of it.</param>
    /// <param name="hidden">[panels][hidden size, padded][32].</param>
    /// <param name="kept">Keys and values of what came before the batch, to which the batch's are added; null where nothing did.</param>
    public void Run(LayerView layer, AlignedBuffer hidden, KeyValues? kept)
    {
        if (layer.KvGroups > 0)
        {
            ForEachBlock(_batch, _hiddenStride, (block, normalized) =>
            {
                Normalize(hidden.Data, layer.Layer.InputNorm, normalized, block);
                ProjectKeys(layer, normalized, block, kept);
                ProjectQueries(layer, normalized, block);
            });
        }

        Finish(layer, _batch, hidden, kept ?? _own);
    }

    /// <summary>Runs the last layer that is needed, for some rows only; of the others it takes keys and values.</summary>
    /// <param name="layer">What is kept of it.</param>
    /// <param name="hidden">[panels][hidden size, padded][32]; stays as it is.</param>
    /// <param name="rows">Those of the batch's rows that are wanted.</param>
    /// <param name="chosen">The residual stream of these, [panels][hidden size, padded][32], in place.</param>
    /// <param name="kept">As in <see cref="Run"/>.</param>
    public void RunLast(LayerView layer, AlignedBuffer hidden, TokenRows rows, AlignedBuffer chosen, KeyValues? kept)
    {
        if (layer.KvGroups > 0)
        {
            ForEachBlock(_batch, _hiddenStride, (block, normalized) =>
            {
                Normalize(hidden.Data, layer.Layer.InputNorm, normalized, block);
                ProjectKeys(layer, normalized, block, kept);
            });
            ForEachBlock(rows, _hiddenStride, (block, normalized) =>
            {
                Normalize(chosen.Data, layer.Layer.InputNorm, normalized, block);
                ProjectQueries(layer, normalized, block);
            });
        }

        Finish(layer, rows, chosen, kept ?? _own);
    }

    public void Dispose()
    {
        _pool.Return(_queries);
        _own.Dispose();
    }

    private void ForEachBlock(TokenRows rows, nint scratchPanel, BlockAction action, nint scratchRest = 0)
    {
        var panels = _workers.BlockPanels(rows.Panels);
        _workers.Run((rows.Panels + panels - 1) / panels, (panels * scratchPanel) + scratchRest, (index, scratch) =>
            action(new Block(rows, index * panels, Math.Min(panels, rows.Panels - (index * panels))), scratch.Data));
    }

    private void Finish(LayerView layer, TokenRows rows, AlignedBuffer hidden, KeyValues source)
    {
        // Every range of keys has its scores in tiles of its own, which may begin before it and end after it.
        var attention = ((nint)rows.LongestSequence + (2 * Lanes) + (16 * rows.MostRanges) + _configuration.HeadSize + 8) * Lanes;
        ForEachBlock(
            rows,
            Math.Max(_queryStride, _hiddenStride + _mlpStride),
            (block, scratch) =>
            {
                if (layer.KvGroups > 0)
                {
                    Attend(layer, hidden.Data, block, scratch, source);
                }

                if (layer.MlpChannels > 0)
                {
                    Mlp(layer, hidden.Data, block, scratch);
                }
            },
            attention);
    }

    private void Normalize(float* hidden, PackedVector gain, float* output, Block block)
    {
        for (var p = 0; p < block.Count; p++)
        {
            var x = hidden + ((block.First + p) * _hiddenStride);
            _kernels.Normalize(x, gain.Data, output + (p * _hiddenStride), gain.Length, _configuration.NormEpsilon);
        }
    }

    private void ProjectKeys(LayerView layer, float* normalized, Block block, KeyValues? kept)
    {
        var keys = _own.Keys + (block.First * _own.Stride);
        var values = _own.Values + (block.First * _own.Stride);
        Project(layer.Key, normalized, _hiddenStride, keys, _own.Stride, block, TileEnd.Store);
        Project(layer.Value, normalized, _hiddenStride, values, _own.Stride, block, TileEnd.Store);
        Rotate(layer, block, keys, _own.Stride, layer.KvGroups, 1f);
        for (var p = 0; kept is not null && p < block.Count; p++)
        {
            kept.Take(_own, block.Rows, block.First + p, layer.KvGroups * layer.HeadChannels);
        }
    }

    private void ProjectQueries(LayerView layer, float* normalized, Block block)
    {
        var queries = _queries.Data + (block.First * _queryStride);
        Project(layer.Query, normalized, _hiddenStride, queries, _queryStride, block, TileEnd.Store);

        // Attention takes powers of 2 instead of e, which turns all scores by the factor that queries are scaled by anyway. That one stays
        // as it was in training however many channels are left (arXiv 2409.17372, section 3).
        var scale = (float)(1 / (Math.Sqrt(_configuration.HeadSize) * Math.Log(2)));
        Rotate(layer, block, queries, _queryStride, layer.KvGroups * _configuration.QueryHeadsPerKvHead, scale);
    }

    private void Rotate(LayerView layer, Block block, float* heads, nint stride, int count, float scale)
    {
        for (var p = 0; p < block.Count; p++)
        {
            var cosines = block.Rows.Angles(block.First + p);
            var sines = cosines + (_configuration.HeadSize / 2 * Lanes);
            if (layer.Pairs is null)
            {
                _kernels.Rotate(heads + (p * stride), count, layer.HeadChannels, cosines, sines, scale);
            }
            else
            {
                _kernels.RotatePairs(heads + (p * stride), count, layer.Pairs, cosines, sines, scale);
            }
        }
    }

    private void Attend(LayerView layer, float* hidden, Block block, float* scratch, KeyValues source)
    {
        var headLength = layer.HeadChannels * Lanes;
        var perGroup = _configuration.QueryHeadsPerKvHead;
        var task = new AttentionTask
        {
            HeadSize = layer.HeadChannels,
            KeyValueStride = source.Stride,
            Sums = scratch + (block.Count * _queryStride),
        };
        task.Scores = task.Sums + ((layer.HeadChannels + 8) * Lanes);
        for (var p = 0; p < block.Count; p++)
        {
            var panel = block.First + p;
            var output = scratch + (p * _queryStride);
            var segments = block.Rows.Segments(panel);
            if (panel == block.Rows.Panels - 1)
            {
                // The lanes beyond the last row must hold numbers, if only to be fast.
                new Span<float>(output, layer.KvGroups * perGroup * headLength).Clear();
            }

            for (var s = 0; s < segments.Length; s++)
            {
                block.Rows.Describe(panel, s, ref task);
                var keyPanel = segments[s].SequenceRow / Lanes;
                for (var head = 0; head < layer.KvGroups * perGroup; head++)
                {
                    var offset = head / perGroup * headLength;
                    task.Query = _queries.Data + (panel * _queryStride) + (head * headLength);
                    task.AllKeys = source.Keys + offset;
                    task.AllValues = source.Values + offset;
                    task.Keys = source.Keys + (keyPanel * source.Stride) + offset;
                    task.Values = source.Values + (keyPanel * source.Stride) + offset;
                    task.Output = output + (head * headLength);
                    _kernels.Attend(in task);
                }
            }
        }

        Project(layer.Output, scratch, _queryStride, hidden + (block.First * _hiddenStride), _hiddenStride, block, TileEnd.Add);
        AddBias(layer.Layer.OutputBias, hidden, block);
    }

    private void Mlp(LayerView layer, float* hidden, Block block, float* scratch)
    {
        var x = hidden + (block.First * _hiddenStride);
        var gated = scratch + (block.Count * _hiddenStride);
        Normalize(hidden, layer.Layer.PostAttentionNorm, scratch, block);
        if (block.IsFew)
        {
            _kernels.ProjectGatedFew(layer.Gate, layer.Up, scratch, gated, block.Rows.Rows);
        }
        else
        {
            _kernels.ProjectGated(layer.Gate, layer.Up, scratch, _hiddenStride, gated, _mlpStride, block.Count);
        }

        Project(layer.Down, gated, _mlpStride, x, _hiddenStride, block, TileEnd.Add);
        AddBias(layer.Layer.DownBias, hidden, block);
    }

    private void Project(MatrixView weights, float* input, nint inputStride, float* output, nint outputStride, Block block, TileEnd end)
    {
        if (block.IsFew)
        {
            _kernels.ProjectFew(weights, input, output, block.Rows.Rows, end);
        }
        else
        {
            _kernels.Project(weights, input, inputStride, output, outputStride, block.Count, end);
        }
    }

    private void AddBias(PackedVector? bias, float* hidden, Block block)
    {
        for (var p = 0; bias is not null && p < block.Count; p++)
        {
            _kernels.AddBias(hidden + ((block.First + p) * _hiddenStride), bias.Data, bias.Length);
        }
    }

    private delegate void BlockAction(Block block, float* scratch);

    // Panels that one item of work takes.
    private readonly record struct Block(TokenRows Rows, int First, int Count)
    {
        /// <summary>Whether the batch is but one panel, and most of that unused: a step of few sequences.</summary>
        public bool IsFew => Rows.Rows <= FewLanesKernel.MostLanes;
    }
}
