using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>Backward pass of a layer's attention. One item of work is one KV group of one sequence, so all sums over its tokens are its own.</summary>
internal sealed unsafe class AttentionBackward(TrainingShape shape, TrainingKernels kernels, Workers workers)
{
    private const int Lanes = TokenBatch.Lanes;

    /// <summary>From the gradient by mixed values to those by queries, keys and values as attention sees them, but for constant factors.</summary>
    /// <param name="slice">What is kept of the layer.</param>
    /// <param name="kept">Of its forward pass.</param>
    /// <param name="mixed">[panels][query rows, padded][32].</param>
    /// <param name="queries">Receives sums of score gradient x key; shape as <paramref name="mixed"/>.</param>
    /// <param name="keys">Receives sums of score gradient x query [panels][key rows, padded][32].</param>
    /// <param name="values">Receives sums of weight x gradient, likewise.</param>
    public void Run(LayerSlice slice, LayerActivations kept, float* mixed, float* queries, float* keys, float* values)
    {
        // Lanes beyond the last row belong to no sequence: nobody else writes them.
        var last = shape.Panels - 1;
        new Span<float>(queries + (last * shape.Query), slice.QueryRows * Lanes).Clear();
        new Span<float>(keys + (last * shape.Key), slice.KeyRows * Lanes).Clear();
        new Span<float>(values + (last * shape.Key), slice.KeyRows * Lanes).Clear();
        var headLength = (nint)AttentionGradientTask.Pad(shape.Configuration.HeadSize) * Lanes;
        var panels = (shape.Batch.LongestSequence / Lanes) + 2;
        var scores = (nint)panels * Lanes * Lanes;
        var scratch = (Lanes * Lanes) + headLength + (2 * scores) + (2 * panels * headLength);
        workers.Run(shape.Batch.FirstRows.Length * slice.KvGroups, scratch, (item, buffer) =>
        {
            var task = new AttentionGradientTask { Transposed = buffer.Data };
            task.QueryGradient = task.Transposed + (Lanes * Lanes);
            task.Forward.HeadSize = shape.Configuration.HeadSize;
            task.Forward.KeyValueStride = shape.Key;
            task.Forward.Scores = task.QueryGradient + headLength;
            task.ScoreGradients = task.Forward.Scores + scores;
            task.KeyGradients = task.ScoreGradients + scores;
            task.ValueGradients = task.KeyGradients + (panels * headLength);
            new Span<float>(task.KeyGradients, (int)(2 * panels * headLength)).Clear();
            var group = item % slice.KvGroups;
            Group(task, item / slice.KvGroups, group, kept, mixed, queries);
            Collect(task, item / slice.KvGroups, group, headLength, keys, values);
        });
    }

    private void Group(AttentionGradientTask task, int sequence, int group, LayerActivations kept, float* mixed, float* queries)
    {
        var row = shape.Batch.FirstRows[sequence];
        var perGroup = shape.Configuration.QueryHeadsPerKvHead;
        var headLength = shape.Configuration.HeadSize * Lanes;
        var offset = (row / Lanes * shape.Key) + (group * headLength);
        task.Forward.Keys = kept.Keys + offset;
        task.Forward.Values = kept.Values + offset;
        for (var panel = row / Lanes; panel <= LastPanel(sequence); panel++)
        {
            Place(panel, row, ref task);
            for (var head = group * perGroup; head < (group + 1) * perGroup; head++)
            {
                var at = (panel * shape.Query) + (head * headLength);
                task.Forward.Query = kept.Queries + at;
                task.Gradient = mixed + at;
                kernels.AttendBackward(in task);
                CopyLanes(task.QueryGradient, queries + at, task.Lane, task.Count);
            }
        }
    }

    private void Collect(AttentionGradientTask task, int sequence, int group, nint headLength, float* keys, float* values)
    {
        var row = shape.Batch.FirstRows[sequence];
        for (var panel = row / Lanes; panel <= LastPanel(sequence); panel++)
        {
            Place(panel, row, ref task);
            var from = (panel - (row / Lanes)) * headLength;
            var to = (panel * shape.Key) + (group * shape.Configuration.HeadSize * Lanes);
            CopyLanes(task.KeyGradients + from, keys + to, task.Lane, task.Count);
            CopyLanes(task.ValueGradients + from, values + to, task.Lane, task.Count);
        }
    }

    private int LastPanel(int sequence)
    {
        var firstRows = shape.Batch.FirstRows;
        return ((sequence + 1 < firstRows.Length ? firstRows[sequence + 1] : shape.Batch.Rows) - 1) / Lanes;
    }

    // Where a sequence lies in a panel.
    private void Place(int panel, int sequenceRow, ref AttentionGradientTask task)
    {
        var segments = shape.Batch.Segments(panel);
        var index = 0;
        while (segments[index].SequenceRow != sequenceRow)
        {
            index++;
        }

        shape.Batch.Describe(panel, index, ref task.Forward);
        task.Lane = segments[index].Lane;
        task.Count = segments[index].Count;
    }

    // A head's lanes of one sequence. Other threads may be writing the lanes beside them.
    private void CopyLanes(float* source, float* target, int lane, int count)
    {
        for (var d = 0; d < shape.Configuration.HeadSize; d++)
        {
            new ReadOnlySpan<float>(source + (d * Lanes) + lane, count).CopyTo(new Span<float>(target + (d * Lanes) + lane, count));
        }
    }
}
