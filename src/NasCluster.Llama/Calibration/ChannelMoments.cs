using System.Runtime.Intrinsics;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Training;

namespace NasCluster.Llama.Calibration;

/// <summary>Mean, variance and sum of squares of channels, batch after batch, in double.</summary>
/// <remarks>
/// Within a batch the mean comes first and the squares are taken around it; batches are joined by the formula of Chan, Golub and LeVeque
/// (1979), so nothing is lost where the mean is large against the spread. Sums run by lane over the panels and then over the lanes in
/// order: the same bits whatever the number of threads and the width of vectors.
/// </remarks>
internal sealed unsafe class ChannelMoments(int channels)
{
    private const int Lanes = TokenBatch.Lanes;
    private const int ItemChannels = 64;

    private readonly double[] _squares = new double[channels];
    private readonly double[] _means = new double[channels];
    private readonly double[] _deviations = new double[channels];

    public long Tokens { get; private set; }

    /// <summary>Takes in a batch.</summary>
    /// <returns>The first channel that is not finite in it, or -1; afterwards nothing here has a meaning.</returns>
    public int Add(PanelView input, int tokens, Workers workers)
    {
        var before = Tokens;
        Tokens += tokens;
        workers.Run((channels + ItemChannels - 1) / ItemChannels, 0, (item, _) =>
        {
            for (var c = item * ItemChannels; c < Math.Min((item + 1) * ItemChannels, channels); c++)
            {
                var first = input.Data + (c * Lanes);
                var mean = Sum(first, input.Stride, tokens, 0, squared: false) / tokens;
                _squares[c] += Sum(first, input.Stride, tokens, 0, squared: true);
                var shift = mean - _means[c];
                _deviations[c] += Sum(first, input.Stride, tokens, mean, squared: true) + (shift * shift * before * tokens / Tokens);
                _means[c] += shift * tokens / Tokens;
            }
        });
        return Array.FindIndex(_squares, s => !double.IsFinite(s));
    }

    public InputStatistics ToStatistics(GramMatrix? gram) =>
        new(Tokens, [.. _squares], [.. _means], [.. _deviations.Select(d => d / Tokens)], gram);

    // Sum over tokens of x - middle, or of its square.
    private static double Sum(float* first, nint stride, int tokens, double middle, bool squared)
    {
        const int Vectors = Lanes / 4;
        var sums = stackalloc Vector256<double>[Vectors];
        new Span<Vector256<double>>(sums, Vectors).Clear();
        var center = Vector256.Create(middle);
        for (var panel = 0; panel < tokens / Lanes; panel++, first += stride)
        {
            for (var v = 0; v < Vectors; v += 2)
            {
                var (low, high) = Vector256.Widen(Vector256.Load(first + (4 * v)));
                low -= center;
                high -= center;
                sums[v] += squared ? low * low : low;
                sums[v + 1] += squared ? high * high : high;
            }
        }

        var lanes = (double*)sums;
        for (var lane = 0; lane < tokens % Lanes; lane++)
        {
            var value = first[lane] - middle;
            lanes[lane] += squared ? value * value : value;
        }

        var sum = 0.0;
        for (var lane = 0; lane < Lanes; lane++)
        {
            sum += lanes[lane];
        }

        return sum;
    }
}
