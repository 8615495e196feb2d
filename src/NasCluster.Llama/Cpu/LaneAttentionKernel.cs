using System.Runtime.CompilerServices;

namespace NasCluster.Llama.Cpu;

/// <summary>The attention of <see cref="AttentionKernel{TSimd}"/> for few tokens of a panel, lane by lane, with keys or channels side by side in a vector.</summary>
/// <remarks>
/// Every score is the same sum over channels, every sum over keys runs in the same order, and keys that a token does not see are left
/// out instead of weighing 0: the bits are the same. Values are turned a panel of keys at a time, for all the tokens.
/// </remarks>
/// <typeparam name="TSimd">Vector type.</typeparam>
internal static unsafe class LaneAttentionKernel<TSimd>
    where TSimd : unmanaged, ISimd<TSimd>
{
    /// <summary>With more tokens than this the other kernel is taken. The bound comes from counting operations, not from a measurement.</summary>
    public const int MostTokens = 8;

    private const int Lanes = TokenRows.Lanes;

    /// <summary>One head's attention for the tokens in the lanes from <paramref name="lane"/> on.</summary>
    /// <param name="task">As for the other kernel; its scores have room for <paramref name="count"/> x keys and two panels more.</param>
    /// <param name="lane">Lane of the first token.</param>
    /// <param name="count">Tokens, neighbours in their sequence.</param>
    public static void Attend(in AttentionTask task, int lane, int count)
    {
        var before = 0;
        foreach (var range in task.Before.AsSpan())
        {
            before += range.Count;
        }

        // The last of the tokens sees all the keys, each one before it one fewer.
        var keys = before + task.RowEnd - task.FirstRow;
        var stride = (keys + 15) / 16 * 16;
        var channels = (task.HeadSize + Lanes - 1) / Lanes * Lanes;
        var turned = task.Scores + (count * stride);
        var inverse = stackalloc float[MostTokens];
        for (var i = 0; i < count; i++)
        {
            var scores = task.Scores + (i * stride);
            var done = 0;
            foreach (var range in task.Before.AsSpan())
            {
                Score(in task, task.AllKeys, range.Row, range.Count, lane + i, scores + done, turned);
                done += range.Count;
            }

            Score(in task, task.Keys, task.FirstRow, task.RowEnd - task.FirstRow, lane + i, scores + done, turned);
            inverse[i] = Softmax(scores, keys - (count - 1 - i), stride);
        }

        new Span<float>(task.Sums, count * channels).Clear();
        var at = 0;
        foreach (var range in task.Before.AsSpan())
        {
            SumValues(in task, task.AllValues, range.Row, range.Count, count, at, stride, turned);
            at += range.Count;
        }

        SumValues(in task, task.Values, task.FirstRow, task.RowEnd - task.FirstRow, count, at, stride, turned);
        for (var i = 0; i < count; i++)
        {
            for (var d = 0; d < task.HeadSize; d++)
            {
                // Adding zero turns -0 into 0, as in the other kernel.
                task.Output[(d * Lanes) + lane + i] = MathF.FusedMultiplyAdd(task.Sums[(i * channels) + d], inverse[i], 0f);
            }
        }
    }

    private static void Score(in AttentionTask task, float* panels, int first, int count, int lane, float* scores, float* panelScores)
    {
        for (var row = first; row < first + count;)
        {
            var next = Math.Min(first + count, (row / Lanes * Lanes) + Lanes);
            var keys = panels + (row / Lanes * task.KeyValueStride);
            for (var column = 0; column < Lanes; column += 2 * TSimd.Width)
            {
                TSimd s0 = TSimd.Broadcast(0f), s1 = s0;
                for (var d = 0; d < task.HeadSize * Lanes; d += Lanes)
                {
                    var query = TSimd.Broadcast(task.Query[d + lane]);
                    s0 = TSimd.MultiplyAdd(TSimd.Load(keys + d + column), query, s0);
                    s1 = TSimd.MultiplyAdd(TSimd.Load(keys + d + column + TSimd.Width), query, s1);
                }

                TSimd.Store(s0, panelScores + column);
                TSimd.Store(s1, panelScores + column + TSimd.Width);
            }

            new Span<float>(panelScores + (row % Lanes), next - row).CopyTo(new Span<float>(scores, next - row));
            scores += next - row;
            row = next;
        }
    }

    // Leaves 2^(score - largest) in place of the scores, 0 behind them, and returns 1 / their sum.
    private static float Softmax(float* scores, int keys, int padded)
    {
        var max = scores[0];
        for (var t = 1; t < keys; t++)
        {
            max = max < scores[t] ? scores[t] : max;
        }

        var largest = TSimd.Broadcast(max);
        for (var t = 0; t < padded; t += TSimd.Width)
        {
            TSimd.Store(VectorMath<TSimd>.PowerOfTwo(TSimd.Subtract(TSimd.Load(scores + t), largest)), scores + t);
        }

        new Span<float>(scores + keys, padded - keys).Clear();
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        for (var t = 0; t < keys; t += 4)
        {
            s0 += scores[t];
            s1 += scores[t + 1];
            s2 += scores[t + 2];
            s3 += scores[t + 3];
        }

        return 1f / (s0 + s1 + (s2 + s3));
    }

    private static void SumValues(in AttentionTask task, float* panels, int first, int count, int tokens, int at, int stride, float* turned)
    {
        var channels = (task.HeadSize + Lanes - 1) / Lanes * Lanes;
        for (var row = first; row < first + count;)
        {
            var next = Math.Min(first + count, (row / Lanes * Lanes) + Lanes);
            var values = panels + (row / Lanes * task.KeyValueStride);
            for (var d = 0; d < task.HeadSize; d += Lanes)
            {
                Transpose.Block(values + (d * Lanes), turned, Math.Min(Lanes, task.HeadSize - d));
                for (var i = 0; i < tokens; i++)
                {
                    Sum(turned + (row % Lanes * Lanes), task.Scores + (i * stride) + at, next - row, task.Sums + (i * channels) + d);
                }
            }

            at += next - row;
            row = next;
        }
    }

    // sums [32] += weights [keys] x values [keys][32], key by key.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum(float* values, float* weights, int keys, float* sums)
    {
        for (var column = 0; column < Lanes; column += 2 * TSimd.Width)
        {
            var s0 = TSimd.Load(sums + column);
            var s1 = TSimd.Load(sums + column + TSimd.Width);
            var v = values + column;
            for (var t = 0; t < keys; t++, v += Lanes)
            {
                var weight = TSimd.Broadcast(weights[t]);
                s0 = TSimd.MultiplyAdd(TSimd.Load(v), weight, s0);
                s1 = TSimd.MultiplyAdd(TSimd.Load(v + TSimd.Width), weight, s1);
            }

            TSimd.Store(s0, sums + column);
            TSimd.Store(s1, sums + column + TSimd.Width);
        }
    }
}
