using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>Gradients by weights, which are sums over all tokens of a batch.</summary>
/// <remarks>
/// Work is split by tiles of the result, never by tokens: each element is one chain of fused multiply-adds from 0 over the tokens in order,
/// then added to what the accumulator holds in one rounding.
/// </remarks>
internal sealed unsafe class WeightGradients(TrainingKernels kernels, Workers workers)
{
    private const int Lanes = TokenBatch.Lanes;

    // Outputs in one item of work: enough to make the transpose of the inputs cheap, few enough for a core's own cache.
    private const int ItemRows = 16 * PackedMatrix.PanelRows;

    // Panels whose transposed inputs stay in the nearest cache while all outputs pass them by.
    private const int BlockPanels = 4;

    /// <summary>accumulator [n, k] += sum over tokens of gradient [n] x input [k].</summary>
    /// <param name="gradient">By the outputs, n.</param>
    /// <param name="input">Inputs, k.</param>
    /// <param name="tokens">How many; all but the last panel are full.</param>
    /// <param name="accumulator">[at least n, at least k]; the rest is not touched.</param>
    public void Add(PanelView gradient, PanelView input, int tokens, InMemoryTensor accumulator)
    {
        var columnItems = (input.Channels + Lanes - 1) / Lanes;
        var rowItems = (gradient.Channels + ItemRows - 1) / ItemRows;
        workers.Run(columnItems * rowItems, (BlockPanels + (ItemRows / Lanes)) * Lanes * Lanes, (item, scratch) =>
        {
            var k = item % columnItems * Lanes;
            var n = item / columnItems * ItemRows;
            var rows = Math.Min(ItemRows, gradient.Channels - n);
            var columns = Math.Min(Lanes, input.Channels - k);
            var transposed = scratch.Data;
            var sums = transposed + (BlockPanels * Lanes * Lanes);
            for (var t = 0; t < tokens; t += BlockPanels * Lanes)
            {
                var panel = t / Lanes;
                var count = Math.Min(BlockPanels * Lanes, tokens - t);
                for (var p = 0; p * Lanes < count; p++)
                {
                    Transpose.Block(input.Data + ((panel + p) * input.Stride) + (k * Lanes), transposed + (p * Lanes * Lanes), columns);
                }

                var left = gradient.Data + (panel * gradient.Stride) + (n * Lanes);
                kernels.SumOverTokens(left, gradient.Stride, rows, transposed, count, sums, t == 0 ? TileStart.Zero : TileStart.Output);
            }

            for (var row = 0; row < rows; row++)
            {
                var target = accumulator.Values.AsSpan(((n + row) * accumulator.Columns) + k, columns);
                for (var column = 0; column < columns; column++)
                {
                    target[column] += sums[(row * Lanes) + column];
                }
            }
        });
    }

    /// <summary>Adds the gradient by a norm's gain.</summary>
    /// <param name="input">Of the norm.</param>
    /// <param name="gradient">By its output; stride and channels are those of <paramref name="input"/>.</param>
    /// <param name="inverse">What the norm multiplied by [panels][32].</param>
    /// <param name="panels">How many.</param>
    /// <param name="accumulator">[1, channels].</param>
    public void AddGain(PanelView input, float* gradient, float* inverse, int panels, InMemoryTensor accumulator)
    {
        var items = (input.Channels + Lanes - 1) / Lanes;
        workers.Run(items, 0, (item, _) =>
        {
            for (var c = item * Lanes; c < Math.Min((item + 1) * Lanes, input.Channels); c++)
            {
                accumulator.Values[c] += kernels.GainGradient(input.Data + (c * Lanes), gradient + (c * Lanes), inverse, input.Stride, panels);
            }
        });
    }
}
