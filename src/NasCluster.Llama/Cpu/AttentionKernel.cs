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
        var row = task.FirstRow / TileRows * TileRows;
        for (; row < task.RowEnd; row += TileRows)
        {
            var keys = task.Keys + (row / Lanes * task.KeyValueStride) + (row % Lanes);
            TileKernel<TSimd>.Multiply8<KeyPanel>(keys, task.Query, task.Scores + (row * Lanes), task.HeadSize, TileStart.Zero, TileEnd.Store);
        }
    }

    /// <summary>Leaves 2^(score - largest) in place of the scores of one vector of lanes, and 1 / their sum in <paramref name="inverse"/>.</summary>
    public static void Softmax(in AttentionTask task, int lane, float* inverse)
    {
        var scores = task.Scores + lane;
        var lastRow = TSimd.Load(task.LastRow + lane);
        var first = task.FirstRow;
        var max = TSimd.Load(scores + (first * Lanes));
        var row = first + 1;
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
        for (var turn = (task.RowEnd - first) % 4; turn is > 0 and < 4; turn++)
        {
            (s0, s1, s2, s3) = (s1, s2, s3, s0);
        }

        var sum = TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3));
        TSimd.Store(TSimd.Divide(TSimd.Broadcast(1f), sum), inverse + lane);
    }

    private static void SumValues(in AttentionTask task)
    {
        // The weights of a panel of keys stay in the nearest cache for all channels of the head.
        var start = TileStart.Zero;
        for (var row = task.FirstRow; row < task.RowEnd;)
        {
            var next = Math.Min(task.RowEnd, (row / Lanes * Lanes) + Lanes);
            var values = task.Values + (row / Lanes * task.KeyValueStride) + (row % Lanes);
            for (var d = 0; d < task.HeadSize; d += TileRows)
            {
                TileKernel<TSimd>.Multiply8<ValuePanel>(
                    values + (d * Lanes), task.Scores + (row * Lanes), task.Sums + (d * Lanes), next - row, start, TileEnd.Store);
            }

            start = TileStart.Output;
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
