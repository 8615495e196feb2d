using System.Numerics;
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

    // Outputs in one item of work: enough to keep its inputs in a core's own cache for long, few enough for threads to have their share.
    private const int ItemRows = 16 * PackedMatrix.PanelRows;

    // Panels whose inputs stay in the nearest cache while all outputs of an item pass them by.
    private const int BlockPanels = 4;

    /// <summary>Adds gradients by weights.</summary>
    /// <param name="tokens">How many; all but the last panel are full.</param>
    /// <param name="products">Which; accumulators differ.</param>
    public void Add(int tokens, params WeightProduct[] products)
    {
        var items = Array.ConvertAll(products, p => ColumnItems(p) * ((p.Gradient.Channels + ItemRows - 1) / ItemRows));
        workers.Run(items.Sum(), ItemRows * Lanes, (item, scratch) =>
        {
            var index = 0;
            for (; item >= items[index]; index++)
            {
                item -= items[index];
            }

            var columnItems = ColumnItems(products[index]);
            Add(products[index], item / columnItems * ItemRows, item % columnItems * Lanes, tokens, scratch.Data);
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

    private static int ColumnItems(WeightProduct product) => (product.Input.Channels + Lanes - 1) / Lanes;

    // Outputs from n on, inputs from k on.
    private void Add(WeightProduct product, int n, int k, int tokens, float* sums)
    {
        var gradient = product.Gradient;
        var rows = Math.Min(ItemRows, gradient.Channels - n);
        var columns = Math.Min(Lanes, product.Input.Channels - k);
        for (var t = 0; t < tokens; t += BlockPanels * Lanes)
        {
            var panel = t / Lanes;
            kernels.SumOverTokens(
                gradient.Data + (panel * gradient.Stride) + (n * Lanes),
                gradient.Stride,
                rows,
                product.Input.From(k, panel),
                Math.Min(BlockPanels * Lanes, tokens - t),
                sums,
                t == 0 ? TileStart.Zero : TileStart.Output);
        }

        for (var row = 0; row < rows; row++, sums += Lanes)
        {
            var target = product.Accumulator.Values.AsSpan(((n + row) * product.Accumulator.Columns) + k, columns);
            var source = new ReadOnlySpan<float>(sums, columns);
            var column = 0;
            for (; column + Vector<float>.Count <= columns; column += Vector<float>.Count)
            {
                (new Vector<float>(target[column..]) + new Vector<float>(source[column..])).CopyTo(target[column..]);
            }

            for (; column < columns; column++)
            {
                target[column] += source[column];
            }
        }
    }
}
