using System.Runtime.CompilerServices;

namespace NasCluster.Llama.Cpu;

/// <summary>The kernels, written once for every vector width.</summary>
/// <typeparam name="TSimd">Vector type.</typeparam>
internal sealed unsafe class CpuKernels<TSimd> : CpuKernels
    where TSimd : unmanaged, ISimd<TSimd>
{
    private const int Lanes = TokenBatch.Lanes;
    private const int TileRows = PackedMatrix.PanelRows;

    public override void Project(MatrixView weights, float* input, nint inputStride, float* output, nint outputStride, int panels, TileEnd end)
    {
        // The panel of weights stays in the nearest cache while the tokens pass it by.
        var w = weights.Data;
        for (var n = 0; n < weights.Rows; n += TileRows, w += weights.PanelStride)
        {
            for (var p = 0; p < panels; p++)
            {
                TileKernel<TSimd>.Multiply12<WeightPanel>(
                    w, input + (p * inputStride), output + (p * outputStride) + (n * Lanes), weights.Depth, TileStart.Zero, end);
            }
        }
    }

    public override void ProjectGated(MatrixView gate, MatrixView up, float* input, nint inputStride, float* output, nint outputStride, int panels)
    {
        const int Tile = TileRows * Lanes;
        var gated = stackalloc float[(2 * Tile) + 16];
        gated = (float*)(((nint)gated + 63) & ~(nint)63);
        var upped = gated + Tile;
        var g = gate.Data;
        var u = up.Data;
        for (var n = 0; n < gate.Rows; n += TileRows, g += gate.PanelStride, u += up.PanelStride)
        {
            for (var p = 0; p < panels; p++)
            {
                var x = input + (p * inputStride);
                TileKernel<TSimd>.Multiply12<WeightPanel>(g, x, gated, gate.Depth, TileStart.Zero, TileEnd.Store);
                TileKernel<TSimd>.Multiply12<WeightPanel>(u, x, upped, up.Depth, TileStart.Zero, TileEnd.Store);
                GateTile(gated, upped, output + (p * outputStride) + (n * Lanes), Tile);
            }
        }
    }

    public override void ProjectFew(MatrixView weights, float* input, float* output, int lanes, TileEnd end)
    {
        if (TSimd.Width == 1)
        {
            Project(weights, input, 0, output, 0, 1, end);
            return;
        }

        FewLanesKernel.Project(weights, input, output, lanes, end);
    }

    public override void ProjectGatedFew(MatrixView gate, MatrixView up, float* input, float* output, int lanes)
    {
        const int Rows = 4 * TileRows;
        var gated = stackalloc float[2 * Rows * Lanes];
        var upped = gated + (Rows * Lanes);
        for (var n = 0; n < gate.Rows; n += Rows)
        {
            var count = Math.Min(Rows, gate.Rows - n);
            ProjectFew(gate.From(n, count), input, gated, lanes, TileEnd.Store);
            ProjectFew(up.From(n, count), input, upped, lanes, TileEnd.Store);
            for (var lane = 0; lane < lanes; lane += TSimd.Width)
            {
                for (var row = 0; row < count; row++)
                {
                    GateTile(gated + (row * Lanes) + lane, upped + (row * Lanes) + lane, output + ((n + row) * Lanes) + lane, TSimd.Width);
                }
            }
        }
    }

    public override void Normalize(float* input, float* gain, float* output, int channels, float epsilon)
    {
        var zero = TSimd.Broadcast(0f);
        var one = TSimd.Broadcast(1f);
        for (var lane = 0; lane < Lanes; lane += TSimd.Width)
        {
            // Four sums, channel c in sum c % 4: shorter sums round less.
            TSimd s0 = zero, s1 = zero, s2 = zero, s3 = zero;
            var x = input + lane;
            var c = 0;
            for (; c + 4 <= channels; c += 4, x += 4 * Lanes)
            {
                s0 = Square(x, s0);
                s1 = Square(x + Lanes, s1);
                s2 = Square(x + (2 * Lanes), s2);
                s3 = Square(x + (3 * Lanes), s3);
            }

            s0 = c < channels ? Square(x, s0) : s0;
            s1 = c + 1 < channels ? Square(x + Lanes, s1) : s1;
            s2 = c + 2 < channels ? Square(x + (2 * Lanes), s2) : s2;
            var sum = TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3));
            var mean = TSimd.Divide(sum, TSimd.Broadcast(channels));
            var scale = TSimd.Divide(one, TSimd.SquareRoot(TSimd.Add(mean, TSimd.Broadcast(epsilon))));
            x = input + lane;
            var y = output + lane;
            for (c = 0; c < channels; c++, x += Lanes, y += Lanes)
            {
                TSimd.Store(TSimd.Multiply(TSimd.Multiply(TSimd.Load(x), scale), TSimd.Broadcast(gain[c])), y);
            }
        }
    }

    public override void Rotate(float* heads, int count, int headSize, float* cosines, float* sines, float scale)
    {
        var half = headSize / 2;
        var factor = TSimd.Broadcast(scale);
        for (var head = 0; head < count; head++, heads += headSize * Lanes)
        {
            // Halves of a head and tables alike are [half][32], so one index runs through all four.
            for (var i = 0; i < half * Lanes; i += TSimd.Width)
            {
                Turn(heads + i, heads + (half * Lanes) + i, TSimd.Load(cosines + i), TSimd.Load(sines + i), factor);
            }
        }
    }

    public override void RotatePairs(float* heads, int count, ReadOnlySpan<int> pairs, float* cosines, float* sines, float scale)
    {
        var factor = TSimd.Broadcast(scale);
        for (var head = 0; head < count; head++, heads += pairs.Length * Lanes)
        {
            foreach (var pair in pairs)
            {
                for (var lane = 0; lane < Lanes; lane += TSimd.Width)
                {
                    var angle = (pair * Lanes) + lane;
                    Turn(heads + lane, heads + (pairs.Length * Lanes) + lane, TSimd.Load(cosines + angle), TSimd.Load(sines + angle), factor);
                }

                heads += Lanes;
            }
        }
    }

    public override void AddBias(float* output, float* bias, int channels)
    {
        for (var c = 0; c < channels; c++, output += Lanes)
        {
            var value = TSimd.Broadcast(bias[c]);
            for (var lane = 0; lane < Lanes; lane += TSimd.Width)
            {
                TSimd.Store(TSimd.Add(TSimd.Load(output + lane), value), output + lane);
            }
        }
    }

    public override void Attend(in AttentionTask task)
    {
        if (TSimd.Width > 1 && task.Count is > 0 and <= LaneAttentionKernel<TSimd>.MostTokens)
        {
            LaneAttentionKernel<TSimd>.Attend(in task, task.Lane, task.Count);
            return;
        }

        AttentionKernel<TSimd>.Attend(in task);
    }

    public override void SumExponentials(float* logits, int rows, float* largest, float* sum)
    {
        var zero = TSimd.Broadcast(0f);
        for (var lane = 0; lane < Lanes; lane += TSimd.Width)
        {
            var x = logits + lane;
            var max = TSimd.Load(x);
            for (var row = 1; row < rows; row++)
            {
                max = VectorMath<TSimd>.Max(max, TSimd.Load(x + (row * Lanes)));
            }

            TSimd s0 = zero, s1 = zero, s2 = zero, s3 = zero;
            for (var row = 0; row < rows; row++, x += Lanes)
            {
                // Row r in sum r % 4: the four change places instead of the loop being unrolled.
                s0 = TSimd.Add(s0, VectorMath<TSimd>.Exp(TSimd.Subtract(TSimd.Load(x), max)));
                (s0, s1, s2, s3) = (s1, s2, s3, s0);
            }

            TSimd.Store(max, largest + lane);
            TSimd.Store(TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3)), sum + lane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(float* first, float* second, TSimd cosine, TSimd sine, TSimd factor)
    {
        var x = TSimd.Load(first);
        var y = TSimd.Load(second);
        var turnedX = TSimd.Subtract(TSimd.Multiply(x, cosine), TSimd.Multiply(y, sine));
        var turnedY = TSimd.Add(TSimd.Multiply(y, cosine), TSimd.Multiply(x, sine));
        TSimd.Store(TSimd.Multiply(turnedX, factor), first);
        TSimd.Store(TSimd.Multiply(turnedY, factor), second);
    }

    private static TSimd Square(float* x, TSimd sum)
    {
        var value = TSimd.Load(x);
        return TSimd.MultiplyAdd(value, value, sum);
    }

    private static void GateTile(float* gate, float* up, float* output, int length)
    {
        var zero = TSimd.Broadcast(0f);
        var one = TSimd.Broadcast(1f);
        for (var i = 0; i < length; i += TSimd.Width)
        {
            var g = TSimd.Load(gate + i);
            var silu = TSimd.Divide(g, TSimd.Add(one, VectorMath<TSimd>.Exp(TSimd.Subtract(zero, g))));
            TSimd.Store(TSimd.Multiply(silu, TSimd.Load(up + i)), output + i);
        }
    }
}
