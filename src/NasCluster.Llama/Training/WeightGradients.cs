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

    /// <summary>accumulator [n, k] += sum over tokens of gradient [n] x input [k], for the leading outputs and inputs.</summary>
    /// <param name="gradient">By the outputs [panels][outputs, padded][32].</param>
    /// <param name="gradientStride">Floats from a panel to the next.</param>
    /// <param name="outputs">N.</param>
    /// <param name="input">[panels][inputs, padded][32].</param>
    /// <param name="inputStride">Floats from a panel to the next.</param>
    /// <param name="inputs">K.</param>
    /// <param name="tokens">All but the last panel are full.</param>
    /// <param name="accumulator">[at least N, at least K]; the rest is not touched.</param>
    public void Add(
        float* gradient, nint gradientStride, int outputs, float* input, nint inputStride, int inputs, int tokens, InMemoryTensor accumulator)
    {
        var columnItems = (inputs + Lanes - 1) / Lanes;
        var rowItems = (outputs + ItemRows - 1) / ItemRows;
        workers.Run(columnItems * rowItems, (BlockPanels + (ItemRows / Lanes)) * Lanes * Lanes, (item, scratch) =>
        {
            var k = item % columnItems * Lanes;
            var n = item / columnItems * ItemRows;
            var rows = Math.Min(ItemRows, outputs - n);
            var columns = Math.Min(Lanes, inputs - k);
            var transposed = scratch.Data;
            var sums = transposed + (BlockPanels * Lanes * Lanes);
            for (var t = 0; t < tokens; t += BlockPanels * Lanes)
            {
                var panel = t / Lanes;
                var count = Math.Min(BlockPanels * Lanes, tokens - t);
                for (var p = 0; p * Lanes < count; p++)
                {
                    Transpose.Block(input + ((panel + p) * inputStride) + (k * Lanes), transposed + (p * Lanes * Lanes), columns);
                }

                kernels.SumOverTokens(
                    gradient + (panel * gradientStride) + (n * Lanes), gradientStride, rows, transposed, count, sums, t == 0 ? TileStart.Zero : TileStart.Output);
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
    /// <param name="input">Of the norm [panels][channels, padded][32].</param>
    /// <param name="gradient">By its output, likewise.</param>
    /// <param name="inverse">What the norm multiplied by [panels][32].</param>
    /// <param name="stride">Floats from a panel to the next.</param>
    /// <param name="panels">How many.</param>
    /// <param name="accumulator">[1, channels].</param>
    public void AddGain(float* input, float* gradient, float* inverse, nint stride, int panels, InMemoryTensor accumulator)
    {
        var items = (accumulator.Columns + Lanes - 1) / Lanes;
        workers.Run(items, 0, (item, _) =>
        {
            for (var c = item * Lanes; c < Math.Min((item + 1) * Lanes, accumulator.Columns); c++)
            {
                accumulator.Values[c] += kernels.GainGradient(input + (c * Lanes), gradient + (c * Lanes), inverse, stride, panels);
            }
        });
    }
}
