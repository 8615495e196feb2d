using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>Backward pass of causal attention: weights are computed again, and never lie in memory for more than one panel of queries.</summary>
/// <remarks>
/// With weights P [keys][tokens] and gradient dO of the mixed values: dV = P dO, dP = V dO, dS = P (dP - sum over keys of P dP), dQ = dS K,
/// dK = dS Q. Sums over keys run in key order in each token's lane. Sums over tokens run in token order in each key's lane, which takes a
/// transpose of P and dS, a panel of keys at a time.
/// </remarks>
/// <typeparam name="TSimd">Vector type.</typeparam>
internal static unsafe class AttentionGradientKernel<TSimd>
    where TSimd : unmanaged, ISimd<TSimd>
{
    private const int Lanes = TokenBatch.Lanes;
    private const int TileRows = 8;

    public static void Run(in AttentionGradientTask task)
    {
        ref readonly var forward = ref task.Forward;
        AttentionKernel<TSimd>.Score(in forward);
        for (var row = forward.FirstRow / TileRows * TileRows; row < forward.RowEnd; row += TileRows)
        {
            var values = forward.Values + (row / Lanes * forward.KeyValueStride) + (row % Lanes);
            TileKernel<TSimd>.Multiply8<KeyPanel>(
                values, task.Gradient, task.ScoreGradients + (row * Lanes), forward.HeadSize, TileStart.Zero, TileEnd.Store);
        }

        var inverse = stackalloc float[Lanes];
        for (var lane = 0; lane < Lanes; lane += TSimd.Width)
        {
            AttentionKernel<TSimd>.Softmax(in forward, lane, inverse);
            SoftmaxBackward(in task, lane, inverse);
        }

        ClearOutside(forward.Scores, in forward);
        ClearOutside(task.ScoreGradients, in forward);
        SumKeys(in task);
        for (var row = 0; row < forward.RowEnd; row += Lanes)
        {
            var offset = row / Lanes * AttentionGradientTask.Pad(forward.HeadSize) * Lanes;
            SumTokens(in task, task.Forward.Scores + (row * Lanes), task.Gradient, task.ValueGradients + offset);
            SumTokens(in task, task.ScoreGradients + (row * Lanes), forward.Query, task.KeyGradients + offset);
        }
    }

    // Leaves P in place of the weights before they were divided by their sum, and dS in place of dP.
    private static void SoftmaxBackward(in AttentionGradientTask task, int lane, float* inverse)
    {
        var factor = TSimd.Load(inverse + lane);
        var sum = TSimd.Broadcast(0f);
        var first = (task.Forward.FirstRow * Lanes) + lane;
        var end = task.Forward.RowEnd * Lanes;
        for (var i = first; i < end; i += Lanes)
        {
            var weight = TSimd.Multiply(TSimd.Load(task.Forward.Scores + i), factor);
            TSimd.Store(weight, task.Forward.Scores + i);
            sum = TSimd.MultiplyAdd(weight, TSimd.Load(task.ScoreGradients + i), sum);
        }

        for (var i = first; i < end; i += Lanes)
        {
            var gradient = TSimd.Subtract(TSimd.Load(task.ScoreGradients + i), sum);
            TSimd.Store(TSimd.Multiply(TSimd.Load(task.Forward.Scores + i), gradient), task.ScoreGradients + i);
        }
    }

    // Rows of the first and last panel of keys that belong to other sequences.
    private static void ClearOutside(float* rows, in AttentionTask forward)
    {
        new Span<float>(rows, forward.FirstRow * Lanes).Clear();
        var padded = (forward.RowEnd + Lanes - 1) / Lanes * Lanes;
        new Span<float>(rows + (forward.RowEnd * Lanes), (padded - forward.RowEnd) * Lanes).Clear();
    }

    private static void SumKeys(in AttentionGradientTask task)
    {
        ref readonly var forward = ref task.Forward;
        for (var d = 0; d < forward.HeadSize; d += TileRows)
        {
            TileKernel<TSimd>.Multiply8<TokenPanels>(
                forward.Keys + (d * Lanes) + forward.FirstRow,
                task.ScoreGradients + (forward.FirstRow * Lanes),
                task.QueryGradient + (d * Lanes),
                forward.RowEnd - forward.FirstRow,
                TileStart.Zero,
                TileEnd.Store,
                forward.KeyValueStride - Lanes,
                forward.FirstRow);
        }
    }

    // sums [headSize][32 keys] += channels [headSize][tokens] x weights [32 keys][tokens], transposed.
    private static void SumTokens(in AttentionGradientTask task, float* weights, float* channels, float* sums)
    {
        Transpose.Block(weights, task.Transposed, Lanes);
        for (var d = 0; d < task.Forward.HeadSize; d += TileRows)
        {
            TileKernel<TSimd>.Multiply8<ValuePanel>(
                channels + (d * Lanes) + task.Lane,
                task.Transposed + (task.Lane * Lanes),
                sums + (d * Lanes),
                task.Count,
                TileStart.Output,
                TileEnd.Store);
        }
    }
}
