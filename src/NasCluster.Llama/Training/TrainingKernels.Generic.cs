using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>The kernels, written once for every vector width.</summary>
/// <typeparam name="TSimd">Vector type.</typeparam>
internal sealed unsafe class TrainingKernels<TSimd> : TrainingKernels
    where TSimd : unmanaged, ISimd<TSimd>
{
    private const int Lanes = TokenBatch.Lanes;

    public override void SumOverTokens(float* left, nint leftStride, int rows, float* right, int tokens, float* sums, TileStart start)
    {
        for (var n = 0; n < rows; n += PackedMatrix.PanelRows)
        {
            TileKernel<TSimd>.Multiply12<TokenPanels>(
                left + (n * Lanes), right, sums + (n * Lanes), tokens, start, TileEnd.Store, skip: leftStride - Lanes);
        }
    }

    public override void Gate(float* gate, float* up, float* output, int length)
    {
        for (var i = 0; i < length; i += TSimd.Width)
        {
            var g = TSimd.Load(gate + i);
            var silu = TSimd.Divide(g, OnePlusExpOfMinus(g));
            TSimd.Store(TSimd.Multiply(silu, TSimd.Load(up + i)), output + i);
        }
    }

    public override void GateBackward(float* gate, float* up, float* gradient, int length)
    {
        // silu(g) = g s(g) with s = 1 / (1 + e^-g), and silu'(g) = s (1 + g (1 - s)).
        var one = TSimd.Broadcast(1f);
        for (var i = 0; i < length; i += TSimd.Width)
        {
            var g = TSimd.Load(gate + i);
            var u = TSimd.Load(up + i);
            var d = TSimd.Load(gradient + i);
            var sigmoid = TSimd.Divide(one, OnePlusExpOfMinus(g));
            var slope = TSimd.Multiply(sigmoid, TSimd.MultiplyAdd(g, TSimd.Subtract(one, sigmoid), one));
            TSimd.Store(TSimd.Multiply(TSimd.Multiply(d, u), slope), gate + i);
            TSimd.Store(TSimd.Multiply(d, TSimd.Multiply(g, sigmoid)), up + i);
        }
    }

    public override void NormBackward(float* input, float* gain, float* gradient, float* residual, float* inverse, int channels, float epsilon)
    {
        // y = x r g with r = (mean of x^2 + epsilon)^(-1/2), so dx = r (g dy) - x r^3 / C sum of (g dy x).
        var zero = TSimd.Broadcast(0f);
        var size = TSimd.Broadcast(channels);
        for (var lane = 0; lane < Lanes; lane += TSimd.Width)
        {
            TSimd s0 = zero, s1 = zero, s2 = zero, s3 = zero;
            TSimd d0 = zero, d1 = zero, d2 = zero, d3 = zero;
            for (var c = 0; c < channels; c++)
            {
                // Channel c in sum c % 4 in the end: the four change places instead of the loop being unrolled.
                var x = TSimd.Load(input + lane + (c * Lanes));
                var dy = TSimd.Multiply(TSimd.Load(gradient + lane + (c * Lanes)), TSimd.Broadcast(gain[c]));
                s0 = TSimd.MultiplyAdd(x, x, s0);
                d0 = TSimd.MultiplyAdd(dy, x, d0);
                (s0, s1, s2, s3) = (s1, s2, s3, s0);
                (d0, d1, d2, d3) = (d1, d2, d3, d0);
            }

            var mean = TSimd.Divide(TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3)), size);
            var r = TSimd.Divide(TSimd.Broadcast(1f), TSimd.SquareRoot(TSimd.Add(mean, TSimd.Broadcast(epsilon))));
            var dot = TSimd.Divide(TSimd.Add(TSimd.Add(d0, d1), TSimd.Add(d2, d3)), size);
            var back = TSimd.Subtract(zero, TSimd.Multiply(TSimd.Multiply(r, r), TSimd.Multiply(r, dot)));
            TSimd.Store(r, inverse + lane);
            for (var c = 0; c < channels; c++)
            {
                var at = lane + (c * Lanes);
                var dy = TSimd.Multiply(TSimd.Load(gradient + at), TSimd.Broadcast(gain[c]));
                var dx = TSimd.MultiplyAdd(TSimd.Load(input + at), back, TSimd.Multiply(dy, r));
                TSimd.Store(TSimd.Add(TSimd.Load(residual + at), dx), residual + at);
            }
        }
    }

    public override float GainGradient(float* input, float* gradient, float* inverse, nint stride, int panels)
    {
        var lanes = stackalloc float[Lanes];
        for (var lane = 0; lane < Lanes; lane += TSimd.Width)
        {
            var sum = TSimd.Broadcast(0f);
            for (var p = 0; p < panels; p++)
            {
                var normalized = TSimd.Multiply(TSimd.Load(input + (p * stride) + lane), TSimd.Load(inverse + (p * Lanes) + lane));
                sum = TSimd.MultiplyAdd(TSimd.Load(gradient + (p * stride) + lane), normalized, sum);
            }

            TSimd.Store(sum, lanes + lane);
        }

        var total = 0f;
        for (var lane = 0; lane < Lanes; lane++)
        {
            total += lanes[lane];
        }

        return total;
    }

    public override void RotateBack(float* heads, int count, int headSize, float* cosines, float* sines, float scale)
    {
        var half = headSize / 2 * Lanes;
        var factor = TSimd.Broadcast(scale);
        for (var head = 0; head < count; head++, heads += headSize * Lanes)
        {
            for (var i = 0; i < half; i += TSimd.Width)
            {
                var cosine = TSimd.Load(cosines + i);
                var sine = TSimd.Load(sines + i);
                var x = TSimd.Load(heads + i);
                var y = TSimd.Load(heads + half + i);
                var turnedX = TSimd.Add(TSimd.Multiply(x, cosine), TSimd.Multiply(y, sine));
                var turnedY = TSimd.Subtract(TSimd.Multiply(y, cosine), TSimd.Multiply(x, sine));
                TSimd.Store(TSimd.Multiply(turnedX, factor), heads + i);
                TSimd.Store(TSimd.Multiply(turnedY, factor), heads + half + i);
            }
        }
    }

    public override void AttendBackward(in AttentionGradientTask task) => AttentionGradientKernel<TSimd>.Run(in task);

    public override void ScaledExponentials(float* logits, int rows, float* largest, float* factor)
    {
        for (var lane = 0; lane < Lanes; lane += TSimd.Width)
        {
            var max = TSimd.Load(largest + lane);
            var scale = TSimd.Load(factor + lane);
            for (var at = logits + lane; at < logits + (rows * Lanes); at += Lanes)
            {
                TSimd.Store(TSimd.Multiply(VectorMath<TSimd>.Exp(TSimd.Subtract(TSimd.Load(at), max)), scale), at);
            }
        }
    }

    public override void KeepAndScale(float* values, float* copy, float factor, int length)
    {
        var scale = TSimd.Broadcast(factor);
        for (var i = 0; i < length; i += TSimd.Width)
        {
            var value = TSimd.Load(values + i);
            TSimd.Store(value, copy + i);
            TSimd.Store(TSimd.Multiply(value, scale), values + i);
        }
    }

    public override void SubtractScaled(float* values, float* other, float factor, int length)
    {
        var scale = TSimd.Broadcast(factor);
        for (var i = 0; i < length; i += TSimd.Width)
        {
            TSimd.Store(TSimd.Subtract(TSimd.Load(values + i), TSimd.Multiply(scale, TSimd.Load(other + i))), values + i);
        }
    }

    private static TSimd OnePlusExpOfMinus(TSimd x) =>
        TSimd.Add(TSimd.Broadcast(1f), VectorMath<TSimd>.Exp(TSimd.Subtract(TSimd.Broadcast(0f), x)));
}
