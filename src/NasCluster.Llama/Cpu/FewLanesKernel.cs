using System.Runtime.CompilerServices;

namespace NasCluster.Llama.Cpu;

/// <summary>The product of <see cref="TileKernel{TSimd}"/> for a panel of which only the first few lanes are used, as when sequences go on by one token.</summary>
/// <remarks>
/// Here outputs are side by side in a vector, not tokens; each is still one sum over k in ascending order, so its bits are the same. Twelve
/// vectors of four sums are held at once: of four, two or one panel of weights, for one, two or four lanes.
/// </remarks>
internal static unsafe class FewLanesKernel
{
    /// <summary>With more lanes than this the other kernel is taken. The bound comes from counting operations, not from a measurement.</summary>
    public const int MostLanes = 8;

    private const int Lanes = TokenRows.Lanes;
    private const int PanelRows = PackedMatrix.PanelRows;

    /// <summary>One panel of output = weights x input, or added to the output; the lanes that are not used hold numbers afterwards, if they did before.</summary>
    /// <param name="weights">[N, K].</param>
    /// <param name="input">[K][32].</param>
    /// <param name="output">[N, padded][32].</param>
    /// <param name="lanes">How many are used, at most <see cref="MostLanes"/>.</param>
    /// <param name="end">Store or add.</param>
    public static void Project(MatrixView weights, float* input, float* output, int lanes, TileEnd end)
    {
        var sums = stackalloc float[4 * PanelRows];
        var panels = (weights.Rows + PanelRows - 1) / PanelRows;
        for (var first = 0; first < lanes; first += 4)
        {
            var together = (lanes - first) switch { 1 => 4, 2 => 2, _ => 1 };
            var columns = 4 / together;
            for (var p = 0; p < panels; p += together)
            {
                Sum(weights, p, panels - 1, input + first, columns, sums);
                for (var i = 0; i < together && p + i < panels; i++)
                {
                    for (var l = 0; l < columns && first + l < lanes; l++)
                    {
                        // Of one panel sums lie by lane, of several by panel: either way these are the twelve of one lane in one panel.
                        Write(sums + (((i * columns) + l) * PanelRows), output + ((p + i) * PanelRows * Lanes), first + l, end);
                    }
                }
            }
        }
    }

    private static void Write(float* sums, float* output, int lane, TileEnd end)
    {
        for (var r = 0; r < PanelRows; r++, output += Lanes)
        {
            if (end == TileEnd.Add)
            {
                output[lane] += sums[r];
            }
            else if (lane == 0)
            {
                new Span<float>(output, Lanes).Fill(sums[r]);
            }
            else
            {
                output[lane] = sums[r];
            }
        }
    }

    private static void Sum(MatrixView weights, int panel, int lastPanel, float* x, int columns, float* sums)
    {
        var w = weights.Data + (panel * weights.PanelStride);
        switch (columns)
        {
            case 1:
                // Beyond the last panel, that one again.
                Sum(w, After(1), After(2), After(3), x, x, x, x, weights.Depth, sums);
                return;
            case 2:
                Sum(w, w, After(1), After(1), x, x + 1, x, x + 1, weights.Depth, sums);
                return;
            default:
                Sum(w, w, w, w, x, x + 1, x + 2, x + 3, weights.Depth, sums);
                return;
        }

        float* After(int count) => weights.Data + (Math.Min(panel + count, lastPanel) * weights.PanelStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(float* a, float* b, float* c, float* d, float* xa, float* xb, float* xc, float* xd, int depth, float* sums)
    {
        Simd128 a0 = default, a1 = default, a2 = default, b0 = default, b1 = default, b2 = default;
        Simd128 c0 = default, c1 = default, c2 = default, d0 = default, d1 = default, d2 = default;
        for (nint k = 0, at = 0; k < (nint)depth * Lanes; k += Lanes, at += PanelRows)
        {
            var v = Simd128.Broadcast(xa[k]);
            a0 = Simd128.MultiplyAdd(Simd128.Load(a + at), v, a0);
            a1 = Simd128.MultiplyAdd(Simd128.Load(a + at + 4), v, a1);
            a2 = Simd128.MultiplyAdd(Simd128.Load(a + at + 8), v, a2);
            v = Simd128.Broadcast(xb[k]);
            b0 = Simd128.MultiplyAdd(Simd128.Load(b + at), v, b0);
            b1 = Simd128.MultiplyAdd(Simd128.Load(b + at + 4), v, b1);
            b2 = Simd128.MultiplyAdd(Simd128.Load(b + at + 8), v, b2);
            v = Simd128.Broadcast(xc[k]);
            c0 = Simd128.MultiplyAdd(Simd128.Load(c + at), v, c0);
            c1 = Simd128.MultiplyAdd(Simd128.Load(c + at + 4), v, c1);
            c2 = Simd128.MultiplyAdd(Simd128.Load(c + at + 8), v, c2);
            v = Simd128.Broadcast(xd[k]);
            d0 = Simd128.MultiplyAdd(Simd128.Load(d + at), v, d0);
            d1 = Simd128.MultiplyAdd(Simd128.Load(d + at + 4), v, d1);
            d2 = Simd128.MultiplyAdd(Simd128.Load(d + at + 8), v, d2);
        }

        Store(a0, a1, a2, sums);
        Store(b0, b1, b2, sums + PanelRows);
        Store(c0, c1, c2, sums + (2 * PanelRows));
        Store(d0, d1, d2, sums + (3 * PanelRows));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Simd128 first, Simd128 second, Simd128 third, float* sums)
    {
        Simd128.Store(first, sums);
        Simd128.Store(second, sums + 4);
        Simd128.Store(third, sums + 8);
    }
}
