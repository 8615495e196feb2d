namespace NasCluster.Llama.Cpu;

/// <summary>Causal attention, softmax(q k) v with powers of 2, with tokens in lanes: scores are [keys][32 tokens], never tokens x tokens.</summary>
/// <remarks>
/// Sums over keys run in key order in each token's lane (the softmax's in four, key t in sum t % 4), so they do not depend on where
/// in a panel the sequence lies. Keys after a token weigh exactly 0 and change none of its sums.
/// </remarks>
/// <typeparam name="TSimd">Vector type.</typeparam>
internal static unsafe class AttentionKernel<TSimd>
    where TSimd : unmanaged, ISimd<TSimd>
{
    private const int Lanes = TokenBatch.Lanes;
    private const int TileRows = 8;

    public static void Attend(in AttentionTask task)
    {
        Score(in task);
        var inverse = stackalloc float[Lanes];
        for (var lane = 0; lane < Lanes; lane += TSimd.Width)
        {
            Softmax(in task, lane, inverse);
        }

        SumValues(in task);
        Finish(in task, inverse);
    }

    /// <summary>Scores [keys][32], from the eight rows that hold the first key to those that hold the last.</summary>
    public static void Score(in AttentionTask task)
    {
        Score(in task, task.Keys, task.FirstRow, task.RowEnd, task.Scores + (task.FirstRow * Lanes));
        var free = Behind(in task);
        foreach (var range in task.Before.AsSpan())
        {
            Score(in task, task.AllKeys, range.Row, range.Row + range.Count, Take(ref free, range));
        }
    }

    private static void Score(in AttentionTask task, float* panels, int first, int end, float* scores)
    {
        var begin = first / TileRows * TileRows;
        scores -= (first - begin) * Lanes;
        for (var row = begin; row < end; row += TileRows, scores += TileRows * Lanes)
        {
            var keys = panels + (row / Lanes * task.KeyValueStride) + (row % Lanes);
            TileKernel<TSimd>.Multiply8<KeyPanel>(keys, task.Query, scores, task.HeadSize, TileStart.Zero, TileEnd.Store);
        }
    }

    // Where scores of ranges begin: behind the sequence's own.
    private static float* Behind(in AttentionTask task) => task.Scores + ((task.RowEnd + TileRows - 1) / TileRows * TileRows * Lanes);

    // Where the first score of the next range is. Its tiles are its own: those of neighbours that shared one would overwrite each other.
    private static float* Take(ref float* free, KeyRange range)
    {
        var skipped = range.Row % TileRows;
        var scores = free + (skipped * Lanes);
        free += (skipped + range.Count + TileRows - 1) / TileRows * TileRows * Lanes;
        return scores;
    }

    /// <summary>Leaves 2^(score - largest) in place of the scores of one vector of lanes, and 1 / their sum in <paramref name="inverse"/>.</summary>
    public static void Softmax(in AttentionTask task, int lane, float* inverse)
    {
        var scores = task.Scores + lane;
        var lastRow = TSimd.Load(task.LastRow + lane);
        var before = task.Before.AsSpan();
        var first = task.FirstRow;
        var count = task.RowEnd - first;
        var row = first + 1;
        var max = TSimd.Load(scores + (first * Lanes));
        var free = Behind(in task);
        for (var i = 0; i < before.Length; i++)
        {
            var range = Take(ref free, before[i]) + lane;
            count += before[i].Count;
            for (var end = range + (before[i].Count * Lanes); range < end; range += Lanes)
            {
                max = VectorMath<TSimd>.Max(max, TSimd.Load(range));
            }
        }

        for (; row < task.SharedEnd; row++)
        {
            max = VectorMath<TSimd>.Max(max, TSimd.Load(scores + (row * Lanes)));
        }

        for (; row < task.RowEnd; row++)
        {
            max = TSimd.SelectBelow(lastRow, TSimd.Broadcast(row), max, VectorMath<TSimd>.Max(max, TSimd.Load(scores + (row * Lanes))));
        }

        var zero = TSimd.Broadcast(0f);
        TSimd s0 = zero, s1 = zero, s2 = zero, s3 = zero;
        free = Behind(in task);
        for (var i = 0; i < before.Length; i++)
        {
            var range = Take(ref free, before[i]) + lane;
            for (var end = range + (before[i].Count * Lanes); range < end; range += Lanes)
            {
                var weight = VectorMath<TSimd>.PowerOfTwo(TSimd.Subtract(TSimd.Load(range), max));
                TSimd.Store(weight, range);
                s0 = TSimd.Add(s0, weight);
                (s0, s1, s2, s3) = (s1, s2, s3, s0);
            }
        }

        for (row = first; row < task.SharedEnd; row++)
        {
            var weight = VectorMath<TSimd>.PowerOfTwo(TSimd.Subtract(TSimd.Load(scores + (row * Lanes)), max));
            TSimd.Store(weight, scores + (row * Lanes));
            s0 = TSimd.Add(s0, weight);
            (s0, s1, s2, s3) = (s1, s2, s3, s0);
        }

        for (; row < task.RowEnd; row++)
        {
            var weight = VectorMath<TSimd>.PowerOfTwo(TSimd.Subtract(TSimd.Load(scores + (row * Lanes)), max));
            weight = TSimd.SelectBelow(lastRow, TSimd.Broadcast(row), zero, weight);
            TSimd.Store(weight, scores + (row * Lanes));
            s0 = TSimd.Add(s0, weight);
            (s0, s1, s2, s3) = (s1, s2, s3, s0);
        }

        // Undo the rotation, so that the tree below adds the same sums wherever the rows ended.
        for (var turn = count % 4; turn is > 0 and < 4; turn++)
        {
            (s0, s1, s2, s3) = (s1, s2, s3, s0);
        }

        var sum = TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3));
        TSimd.Store(TSimd.Divide(TSimd.Broadcast(1f), sum), inverse + lane);
    }

    private static void SumValues(in AttentionTask task)
    {
        var start = TileStart.Zero;
        var free = Behind(in task);
        foreach (var range in task.Before.AsSpan())
        {
            SumValues(in task, task.AllValues, range.Row, range.Row + range.Count, Take(ref free, range), start);
            start = TileStart.Output;
        }

        SumValues(in task, task.Values, task.FirstRow, task.RowEnd, task.Scores + (task.FirstRow * Lanes), start);
    }

    private static void SumValues(in AttentionTask task, float* panels, int first, int end, float* scores, TileStart start)
    {
        // The weights of a panel of keys stay in the nearest cache for all channels of the head.
        for (var row = first; row < end;)
        {
            var next = Math.Min(end, (row / Lanes * Lanes) + Lanes);
            var values = panels + (row / Lanes * task.KeyValueStride) + (row % Lanes);
            for (var d = 0; d < task.HeadSize; d += TileRows)
            {
                TileKernel<TSimd>.Multiply8<ValuePanel>(values + (d * Lanes), scores, task.Sums + (d * Lanes), next - row, start, TileEnd.Store);
            }

            start = TileStart.Output;
            scores += (next - row) * Lanes;
            row = next;
        }
    }

    private static void Finish(in AttentionTask task, float* inverse)
    {
        var zero = TSimd.Broadcast(0f);
        var half = TSimd.Broadcast(0.5f);
        for (var lane = 0; lane < Lanes; lane += TSimd.Width)
        {
            var factor = TSimd.Load(inverse + lane);
            var inside = TSimd.Load(task.Inside + lane);
            for (var i = lane; i < task.HeadSize * Lanes; i += Lanes)
            {
                // Adding zero turns -0 into 0: whether trailing keys of weight 0 were added must not show even there.
                var value = TSimd.MultiplyAdd(TSimd.Load(task.Sums + i), factor, zero);
                TSimd.Store(TSimd.SelectBelow(inside, half, TSimd.Load(task.Output + i), value), task.Output + i);
            }
        }
    }
}
