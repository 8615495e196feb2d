using System.Runtime.Intrinsics;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Training;

namespace NasCluster.Llama.Calibration;

/// <summary>X X^T, batch after batch.</summary>
/// <remarks>
/// Products and the sums of up to 128 tokens are float32 chains of fused multiply-adds in token order, and those are added up in double: the
/// error of an element is at most 128 x 2^-24 = 8e-6 of the sum of its products' sizes, however many tokens there are.
/// Only tiles that reach the lower triangle are computed. Work is split by tile, so threads change no bit.
/// </remarks>
internal sealed unsafe class GramSum(int channels, TrainingKernels kernels, Workers workers, BufferPool pool)
{
    private const int Lanes = TokenBatch.Lanes;

    // As many rows as keep a tile's inputs in a core's own cache; whole tiles of 12.
    private const int ItemRows = 16 * PackedMatrix.PanelRows;
    private const int ChainPanels = 4;

    private readonly double[] _sums = new double[(long)channels * channels];
    private readonly (int Row, int Column)[] _items = [.. Items(channels)];

    /// <summary>Takes in a batch.</summary>
    /// <param name="input">The activations; all but the last panel are full.</param>
    /// <param name="tokens">How many.</param>
    /// <param name="panels">How many panels they take.</param>
    public void Add(PanelView input, int tokens, int panels)
    {
        var turned = pool.Rent(TokenMajor.Length(panels, channels));
        try
        {
            var right = new TokenMajor(turned.Data, panels, channels);
            workers.Run(panels, 0, (panel, _) => right.Take(input.Data, input.Stride, panel, 1));
            workers.Run(_items.Length, ItemRows * Lanes, (item, scratch) => Add(input, right, _items[item].Row, _items[item].Column, tokens, scratch.Data));
        }
        finally
        {
            pool.Return(turned);
        }
    }

    /// <summary>Ends the sum, whose memory the result takes over.</summary>
    public GramMatrix ToMatrix()
    {
        for (var row = 0; row < channels; row++)
        {
            for (var column = 0; column < row; column++)
            {
                _sums[((long)column * channels) + row] = _sums[((long)row * channels) + column];
            }
        }

        return new GramMatrix(channels, _sums);
    }

    private static IEnumerable<(int Row, int Column)> Items(int channels)
    {
        for (var row = 0; row < channels; row += ItemRows)
        {
            for (var column = 0; column < Math.Min(row + ItemRows, channels); column += Lanes)
            {
                yield return (row, column);
            }
        }
    }

    private void Add(PanelView input, TokenMajor right, int row, int column, int tokens, float* scratch)
    {
        var rows = Math.Min(ItemRows, channels - row);
        var columns = Math.Min(Lanes, channels - column);
        for (var t = 0; t < tokens; t += ChainPanels * Lanes)
        {
            var panel = t / Lanes;
            var left = input.Data + (panel * input.Stride) + (row * Lanes);
            kernels.SumOverTokens(
                left, input.Stride, rows, right.From(column, panel), Math.Min(ChainPanels * Lanes, tokens - t), scratch, TileStart.Zero);
            for (var r = 0; r < rows; r++)
            {
                Widen(scratch + (r * Lanes), _sums.AsSpan(checked((int)(((long)(row + r) * channels) + column)), columns));
            }
        }
    }

    private static void Widen(float* source, Span<double> target)
    {
        fixed (double* sums = target)
        {
            var i = 0;
            for (; i + 8 <= target.Length; i += 8)
            {
                var (low, high) = Vector256.Widen(Vector256.Load(source + i));
                (Vector256.Load(sums + i) + low).Store(sums + i);
                (Vector256.Load(sums + i + 4) + high).Store(sums + i + 4);
            }

            for (; i < target.Length; i++)
            {
                sums[i] += source[i];
            }
        }
    }
}
