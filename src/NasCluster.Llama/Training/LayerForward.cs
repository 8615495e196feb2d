using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>A layer's forward pass that keeps what the backward pass needs. The arithmetic is that of scoring, kernel by kernel.</summary>
internal sealed unsafe class LayerForward(TrainingShape shape, CpuKernels kernels, TrainingKernels training, Workers workers)
{
    private const int Lanes = TokenBatch.Lanes;

    /// <summary>Runs a layer.</summary>
    /// <param name="slice">What is kept of it.</param>
    /// <param name="input">The residual stream [panels][hidden, padded][32]; stays as it is.</param>
    /// <param name="kept">Filled.</param>
    /// <param name="output">The residual stream after it; null where only <paramref name="kept"/> is wanted.</param>
    public void Run(LayerSlice slice, float* input, LayerActivations kept, float* output)
    {
        if (slice.KvGroups > 0)
        {
            workers.Run(shape.Blocks, 0, (block, _) => Project(slice, input, kept, block));
        }

        var scratch = ((nint)shape.Batch.LongestSequence + (2 * Lanes) + shape.Configuration.HeadSize + 8) * Lanes;
        workers.Run(shape.Blocks, scratch, (block, buffer) =>
        {
            var first = block * shape.BlockPanels;
            var count = shape.Count(block);
            var middle = kept.Middle + (first * shape.Hidden);
            Copy(input + (first * shape.Hidden), middle, count);
            if (slice.KvGroups > 0)
            {
                Attend(slice, kept, first, count, buffer.Data);
                var view = slice.Layer.Output.Forward(shape.Configuration.HiddenSize, slice.QueryRows);
                kernels.Project(view, kept.Mixed + (first * shape.Query), shape.Query, middle, shape.Hidden, count, TileEnd.Add);
            }

            Mlp(slice, kept, output, first, count);
        });
    }

    private void Copy(float* source, float* destination, int count)
    {
        var bytes = count * shape.Hidden * sizeof(float);
        Buffer.MemoryCopy(source, destination, bytes, bytes);
    }

    private void Normalize(float* input, GainVector gain, float* output, int count)
    {
        for (var p = 0; p < count; p++)
        {
            kernels.Normalize(
                input + (p * shape.Hidden), gain.Data, output + (p * shape.Hidden), shape.Configuration.HiddenSize, shape.Configuration.NormEpsilon);
        }
    }

    private void Project(LayerSlice slice, float* input, LayerActivations kept, int block)
    {
        var first = block * shape.BlockPanels;
        var count = shape.Count(block);
        var hidden = shape.Configuration.HiddenSize;
        var headSize = shape.Configuration.HeadSize;
        var normalized = kept.AttentionInput + (first * shape.Hidden);
        var queries = kept.Queries + (first * shape.Query);
        var keys = kept.Keys + (first * shape.Key);
        Normalize(input + (first * shape.Hidden), slice.Layer.InputNorm, normalized, count);
        kernels.Project(slice.Layer.Query.Forward(slice.QueryRows, hidden), normalized, shape.Hidden, queries, shape.Query, count, TileEnd.Store);
        kernels.Project(slice.Layer.Key.Forward(slice.KeyRows, hidden), normalized, shape.Hidden, keys, shape.Key, count, TileEnd.Store);
        kernels.Project(
            slice.Layer.Value.Forward(slice.KeyRows, hidden), normalized, shape.Hidden, kept.Values + (first * shape.Key), shape.Key, count, TileEnd.Store);
        var scale = (float)(1 / (Math.Sqrt(headSize) * Math.Log(2)));
        for (var p = 0; p < count; p++)
        {
            var cosines = shape.Batch.Angles(first + p);
            var sines = cosines + (headSize / 2 * Lanes);
            kernels.Rotate(queries + (p * shape.Query), slice.QueryHeads, headSize, cosines, sines, scale);
            kernels.Rotate(keys + (p * shape.Key), slice.KvGroups, headSize, cosines, sines, 1f);
        }
    }

    private void Attend(LayerSlice slice, LayerActivations kept, int first, int count, float* scratch)
    {
        var headLength = shape.Configuration.HeadSize * Lanes;
        var task = new AttentionTask { HeadSize = shape.Configuration.HeadSize, KeyValueStride = shape.Key, Sums = scratch };
        task.Scores = task.Sums + ((shape.Configuration.HeadSize + 8) * Lanes);
        for (var panel = first; panel < first + count; panel++)
        {
            var output = kept.Mixed + (panel * shape.Query);
            if (panel == shape.Panels - 1)
            {
                // No sequence writes the lanes beyond the last row, and they must hold numbers.
                new Span<float>(output, slice.QueryRows * Lanes).Clear();
            }

            var segments = shape.Batch.Segments(panel);
            for (var s = 0; s < segments.Length; s++)
            {
                shape.Batch.Describe(panel, s, ref task);
                var keyPanel = segments[s].SequenceRow / Lanes;
                for (var head = 0; head < slice.QueryHeads; head++)
                {
                    var offset = (keyPanel * shape.Key) + (head / shape.Configuration.QueryHeadsPerKvHead * headLength);
                    task.Query = kept.Queries + (panel * shape.Query) + (head * headLength);
                    task.Keys = kept.Keys + offset;
                    task.Values = kept.Values + offset;
                    task.Output = output + (head * headLength);
                    kernels.Attend(in task);
                }
            }
        }
    }

    private void Mlp(LayerSlice slice, LayerActivations kept, float* output, int first, int count)
    {
        var hidden = shape.Configuration.HiddenSize;
        var middle = kept.Middle + (first * shape.Hidden);
        if (output != null)
        {
            Copy(middle, output + (first * shape.Hidden), count);
        }

        if (slice.MlpChannels == 0)
        {
            return;
        }

        var normalized = kept.MlpInput + (first * shape.Hidden);
        var gate = kept.Gate + (first * shape.Mlp);
        var up = kept.Up + (first * shape.Mlp);
        var gated = kept.Gated + (first * shape.Mlp);
        Normalize(middle, slice.Layer.PostAttentionNorm, normalized, count);
        kernels.Project(slice.Layer.Gate.Forward(slice.MlpChannels, hidden), normalized, shape.Hidden, gate, shape.Mlp, count, TileEnd.Store);
        kernels.Project(slice.Layer.Up.Forward(slice.MlpChannels, hidden), normalized, shape.Hidden, up, shape.Mlp, count, TileEnd.Store);
        for (var p = 0; p < count; p++)
        {
            training.Gate(gate + (p * shape.Mlp), up + (p * shape.Mlp), gated + (p * shape.Mlp), slice.MlpChannels * Lanes);
        }

        if (output != null)
        {
            var view = slice.Layer.Down.Forward(hidden, slice.MlpChannels);
            kernels.Project(view, gated, shape.Mlp, output + (first * shape.Hidden), shape.Hidden, count, TileEnd.Add);
        }
    }
}
