using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NasCluster.Llama.Cpu;

/// <summary>What a tile's sums start from.</summary>
internal enum TileStart
{
    /// <summary>Zero.</summary>
    Zero,

    /// <summary>What is in the output: goes on with a sum begun before, with the same bits as if it had never stopped.</summary>
    Output,
}

/// <summary>What becomes of a tile's sums.</summary>
internal enum TileEnd
{
    /// <summary>They replace the output.</summary>
    Store,

    /// <summary>They are added to the output, in one rounding: a residual connection.</summary>
    Add,
}

/// <summary>The products everything else is made of: C [R, 32] = A [R, K] x B [K, 32], sums held in registers.</summary>
/// <remarks>
/// Each element of C is one sum over k in ascending order, one fused multiply-add a step, in one lane: so neither the width of
/// the vectors nor the shape of the tile can change its bits, and a sum over the leading k is the front of the longer one.
/// R = 12 with 512-bit vectors fills 24 registers; two vectors share each broadcast of A.
/// </remarks>
/// <typeparam name="TSimd">Vector type.</typeparam>
internal static unsafe class TileKernel<TSimd>
    where TSimd : unmanaged, ISimd<TSimd>
{
    /// <summary>12 rows.</summary>
    /// <param name="a">Left operand.</param>
    /// <param name="b">Right operand [depth][32].</param>
    /// <param name="c">Sums [12][32].</param>
    /// <param name="depth">K.</param>
    /// <param name="start">What sums start from.</param>
    /// <param name="end">What becomes of them.</param>
    /// <param name="skip">Of an operand that spans panels: floats from the end of 32 tokens to the next panel, its stride less 32.</param>
    /// <param name="first">Of such an operand: the place in its panel that depth begins at.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply12<TOperand>(
        float* a, float* b, float* c, int depth, TileStart start, TileEnd end, nint skip = 0, int first = 0)
        where TOperand : ITileOperand
    {
        if (TSimd.Width == 16)
        {
            Columns12<TOperand>(a, b, c, depth, start, end, skip, first);
            return;
        }

        for (var row = 0; row < 12; row += 4)
        {
            Multiply4<TOperand>(a + (row * TOperand.RowStride), b, c + (row * TokenBatch.Lanes), depth, start, end, skip, first);
        }
    }

    /// <summary>8 rows, else as <see cref="Multiply12"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply8<TOperand>(
        float* a, float* b, float* c, int depth, TileStart start, TileEnd end, nint skip = 0, int first = 0)
        where TOperand : ITileOperand
    {
        if (TSimd.Width == 16)
        {
            Columns8<TOperand>(a, b, c, depth, start, end, skip, first);
            return;
        }

        Multiply4<TOperand>(a, b, c, depth, start, end, skip, first);
        Multiply4<TOperand>(a + (4 * TOperand.RowStride), b, c + (4 * TokenBatch.Lanes), depth, start, end, skip, first);
    }

    private static void Multiply4<TOperand>(float* a, float* b, float* c, int depth, TileStart start, TileEnd end, nint skip, int first)
        where TOperand : ITileOperand
    {
        for (var column = 0; column < TokenBatch.Lanes; column += 2 * TSimd.Width)
        {
            Columns4<TOperand>(a, b + column, c + column, depth, start, end, skip, first);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End(TSimd sum, float* c, TileEnd end) =>
        TSimd.Store(end == TileEnd.Add ? TSimd.Add(TSimd.Load(c), sum) : sum, c);

    // Where an operand that spans panels goes on after a token. While a panel is used the next one is brought near, a line with each
    // token: panels are far apart, which processors do not foresee.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Step(float* a, nint skip, int token)
    {
        var place = token % TokenBatch.Lanes;
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(a + skip + TokenBatch.Lanes + (place * 15));
        }

        return place == TokenBatch.Lanes - 1 ? a + skip : a;
    }

    // 12 rows by two vectors.
    private static void Columns12<TOperand>(float* a, float* b, float* c, int depth, TileStart start, TileEnd end, nint skip, int first)
        where TOperand : ITileOperand
    {
        var w = TSimd.Width;
        TSimd c00, c01, c10, c11, c20, c21, c30, c31,
            c40, c41, c50, c51, c60, c61, c70, c71,
            c80, c81, c90, c91, ca0, ca1, cb0, cb1;
        if (start == TileStart.Output)
        {
            c00 = TSimd.Load(c);
            c01 = TSimd.Load(c + w);
            c10 = TSimd.Load(c + TokenBatch.Lanes);
            c11 = TSimd.Load(c + TokenBatch.Lanes + w);
            c20 = TSimd.Load(c + (2 * TokenBatch.Lanes));
            c21 = TSimd.Load(c + (2 * TokenBatch.Lanes) + w);
            c30 = TSimd.Load(c + (3 * TokenBatch.Lanes));
            c31 = TSimd.Load(c + (3 * TokenBatch.Lanes) + w);
            c40 = TSimd.Load(c + (4 * TokenBatch.Lanes));
            c41 = TSimd.Load(c + (4 * TokenBatch.Lanes) + w);
            c50 = TSimd.Load(c + (5 * TokenBatch.Lanes));
            c51 = TSimd.Load(c + (5 * TokenBatch.Lanes) + w);
            c60 = TSimd.Load(c + (6 * TokenBatch.Lanes));
            c61 = TSimd.Load(c + (6 * TokenBatch.Lanes) + w);
            c70 = TSimd.Load(c + (7 * TokenBatch.Lanes));
            c71 = TSimd.Load(c + (7 * TokenBatch.Lanes) + w);
            c80 = TSimd.Load(c + (8 * TokenBatch.Lanes));
            c81 = TSimd.Load(c + (8 * TokenBatch.Lanes) + w);
            c90 = TSimd.Load(c + (9 * TokenBatch.Lanes));
            c91 = TSimd.Load(c + (9 * TokenBatch.Lanes) + w);
            ca0 = TSimd.Load(c + (10 * TokenBatch.Lanes));
            ca1 = TSimd.Load(c + (10 * TokenBatch.Lanes) + w);
            cb0 = TSimd.Load(c + (11 * TokenBatch.Lanes));
            cb1 = TSimd.Load(c + (11 * TokenBatch.Lanes) + w);
        }
        else
        {
            c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 =
            c40 = c41 = c50 = c51 = c60 = c61 = c70 = c71 =
            c80 = c81 = c90 = c91 = ca0 = ca1 = cb0 = cb1 = TSimd.Broadcast(0f);
        }

        for (var k = 0; k < depth; k++)
        {
            var b0 = TSimd.Load(b);
            var b1 = TSimd.Load(b + w);
            var v = TSimd.Broadcast(*a);
            c00 = TSimd.MultiplyAdd(v, b0, c00);
            c01 = TSimd.MultiplyAdd(v, b1, c01);
            v = TSimd.Broadcast(a[TOperand.RowStride]);
            c10 = TSimd.MultiplyAdd(v, b0, c10);
            c11 = TSimd.MultiplyAdd(v, b1, c11);
            v = TSimd.Broadcast(a[2 * TOperand.RowStride]);
            c20 = TSimd.MultiplyAdd(v, b0, c20);
            c21 = TSimd.MultiplyAdd(v, b1, c21);
            v = TSimd.Broadcast(a[3 * TOperand.RowStride]);
            c30 = TSimd.MultiplyAdd(v, b0, c30);
            c31 = TSimd.MultiplyAdd(v, b1, c31);
            v = TSimd.Broadcast(a[4 * TOperand.RowStride]);
            c40 = TSimd.MultiplyAdd(v, b0, c40);
            c41 = TSimd.MultiplyAdd(v, b1, c41);
            v = TSimd.Broadcast(a[5 * TOperand.RowStride]);
            c50 = TSimd.MultiplyAdd(v, b0, c50);
            c51 = TSimd.MultiplyAdd(v, b1, c51);
            v = TSimd.Broadcast(a[6 * TOperand.RowStride]);
            c60 = TSimd.MultiplyAdd(v, b0, c60);
            c61 = TSimd.MultiplyAdd(v, b1, c61);
            v = TSimd.Broadcast(a[7 * TOperand.RowStride]);
            c70 = TSimd.MultiplyAdd(v, b0, c70);
            c71 = TSimd.MultiplyAdd(v, b1, c71);
            v = TSimd.Broadcast(a[8 * TOperand.RowStride]);
            c80 = TSimd.MultiplyAdd(v, b0, c80);
            c81 = TSimd.MultiplyAdd(v, b1, c81);
            v = TSimd.Broadcast(a[9 * TOperand.RowStride]);
            c90 = TSimd.MultiplyAdd(v, b0, c90);
            c91 = TSimd.MultiplyAdd(v, b1, c91);
            v = TSimd.Broadcast(a[10 * TOperand.RowStride]);
            ca0 = TSimd.MultiplyAdd(v, b0, ca0);
            ca1 = TSimd.MultiplyAdd(v, b1, ca1);
            v = TSimd.Broadcast(a[11 * TOperand.RowStride]);
            cb0 = TSimd.MultiplyAdd(v, b0, cb0);
            cb1 = TSimd.MultiplyAdd(v, b1, cb1);
            a += TOperand.DepthStride;
            b += TokenBatch.Lanes;
            if (TOperand.SpansPanels)
            {
                a = Step(a, skip, first + k);
            }
        }

        End(c00, c, end);
        End(c01, c + w, end);
        End(c10, c + TokenBatch.Lanes, end);
        End(c11, c + TokenBatch.Lanes + w, end);
        End(c20, c + (2 * TokenBatch.Lanes), end);
        End(c21, c + (2 * TokenBatch.Lanes) + w, end);
        End(c30, c + (3 * TokenBatch.Lanes), end);
        End(c31, c + (3 * TokenBatch.Lanes) + w, end);
        End(c40, c + (4 * TokenBatch.Lanes), end);
        End(c41, c + (4 * TokenBatch.Lanes) + w, end);
        End(c50, c + (5 * TokenBatch.Lanes), end);
        End(c51, c + (5 * TokenBatch.Lanes) + w, end);
        End(c60, c + (6 * TokenBatch.Lanes), end);
        End(c61, c + (6 * TokenBatch.Lanes) + w, end);
        End(c70, c + (7 * TokenBatch.Lanes), end);
        End(c71, c + (7 * TokenBatch.Lanes) + w, end);
        End(c80, c + (8 * TokenBatch.Lanes), end);
        End(c81, c + (8 * TokenBatch.Lanes) + w, end);
        End(c90, c + (9 * TokenBatch.Lanes), end);
        End(c91, c + (9 * TokenBatch.Lanes) + w, end);
        End(ca0, c + (10 * TokenBatch.Lanes), end);
        End(ca1, c + (10 * TokenBatch.Lanes) + w, end);
        End(cb0, c + (11 * TokenBatch.Lanes), end);
        End(cb1, c + (11 * TokenBatch.Lanes) + w, end);
    }

    // 8 rows by two vectors.
    private static void Columns8<TOperand>(float* a, float* b, float* c, int depth, TileStart start, TileEnd end, nint skip, int first)
        where TOperand : ITileOperand
    {
        var w = TSimd.Width;
        TSimd c00, c01, c10, c11, c20, c21, c30, c31,
            c40, c41, c50, c51, c60, c61, c70, c71;
        if (start == TileStart.Output)
        {
            c00 = TSimd.Load(c);
            c01 = TSimd.Load(c + w);
            c10 = TSimd.Load(c + TokenBatch.Lanes);
            c11 = TSimd.Load(c + TokenBatch.Lanes + w);
            c20 = TSimd.Load(c + (2 * TokenBatch.Lanes));
            c21 = TSimd.Load(c + (2 * TokenBatch.Lanes) + w);
            c30 = TSimd.Load(c + (3 * TokenBatch.Lanes));
            c31 = TSimd.Load(c + (3 * TokenBatch.Lanes) + w);
            c40 = TSimd.Load(c + (4 * TokenBatch.Lanes));
            c41 = TSimd.Load(c + (4 * TokenBatch.Lanes) + w);
            c50 = TSimd.Load(c + (5 * TokenBatch.Lanes));
            c51 = TSimd.Load(c + (5 * TokenBatch.Lanes) + w);
            c60 = TSimd.Load(c + (6 * TokenBatch.Lanes));
            c61 = TSimd.Load(c + (6 * TokenBatch.Lanes) + w);
            c70 = TSimd.Load(c + (7 * TokenBatch.Lanes));
            c71 = TSimd.Load(c + (7 * TokenBatch.Lanes) + w);
        }
        else
        {
            c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 =
            c40 = c41 = c50 = c51 = c60 = c61 = c70 = c71 = TSimd.Broadcast(0f);
        }

        for (var k = 0; k < depth; k++)
        {
            var b0 = TSimd.Load(b);
            var b1 = TSimd.Load(b + w);
            var v = TSimd.Broadcast(*a);
            c00 = TSimd.MultiplyAdd(v, b0, c00);
            c01 = TSimd.MultiplyAdd(v, b1, c01);
            v = TSimd.Broadcast(a[TOperand.RowStride]);
            c10 = TSimd.MultiplyAdd(v, b0, c10);
            c11 = TSimd.MultiplyAdd(v, b1, c11);
            v = TSimd.Broadcast(a[2 * TOperand.RowStride]);
            c20 = TSimd.MultiplyAdd(v, b0, c20);
            c21 = TSimd.MultiplyAdd(v, b1, c21);
            v = TSimd.Broadcast(a[3 * TOperand.RowStride]);
            c30 = TSimd.MultiplyAdd(v, b0, c30);
            c31 = TSimd.MultiplyAdd(v, b1, c31);
            v = TSimd.Broadcast(a[4 * TOperand.RowStride]);
            c40 = TSimd.MultiplyAdd(v, b0, c40);
            c41 = TSimd.MultiplyAdd(v, b1, c41);
            v = TSimd.Broadcast(a[5 * TOperand.RowStride]);
            c50 = TSimd.MultiplyAdd(v, b0, c50);
            c51 = TSimd.MultiplyAdd(v, b1, c51);
            v = TSimd.Broadcast(a[6 * TOperand.RowStride]);
            c60 = TSimd.MultiplyAdd(v, b0, c60);
            c61 = TSimd.MultiplyAdd(v, b1, c61);
            v = TSimd.Broadcast(a[7 * TOperand.RowStride]);
            c70 = TSimd.MultiplyAdd(v, b0, c70);
            c71 = TSimd.MultiplyAdd(v, b1, c71);
            a += TOperand.DepthStride;
            b += TokenBatch.Lanes;
            if (TOperand.SpansPanels)
            {
                a = Step(a, skip, first + k);
            }
        }

        End(c00, c, end);
        End(c01, c + w, end);
        End(c10, c + TokenBatch.Lanes, end);
        End(c11, c + TokenBatch.Lanes + w, end);
        End(c20, c + (2 * TokenBatch.Lanes), end);
        End(c21, c + (2 * TokenBatch.Lanes) + w, end);
        End(c30, c + (3 * TokenBatch.Lanes), end);
        End(c31, c + (3 * TokenBatch.Lanes) + w, end);
        End(c40, c + (4 * TokenBatch.Lanes), end);
        End(c41, c + (4 * TokenBatch.Lanes) + w, end);
        End(c50, c + (5 * TokenBatch.Lanes), end);
        End(c51, c + (5 * TokenBatch.Lanes) + w, end);
        End(c60, c + (6 * TokenBatch.Lanes), end);
        End(c61, c + (6 * TokenBatch.Lanes) + w, end);
        End(c70, c + (7 * TokenBatch.Lanes), end);
        End(c71, c + (7 * TokenBatch.Lanes) + w, end);
    }

    // 4 rows by two vectors.
    private static void Columns4<TOperand>(float* a, float* b, float* c, int depth, TileStart start, TileEnd end, nint skip, int first)
        where TOperand : ITileOperand
    {
        var w = TSimd.Width;
        TSimd c00, c01, c10, c11, c20, c21, c30, c31;
        if (start == TileStart.Output)
        {
            c00 = TSimd.Load(c);
            c01 = TSimd.Load(c + w);
            c10 = TSimd.Load(c + TokenBatch.Lanes);
            c11 = TSimd.Load(c + TokenBatch.Lanes + w);
            c20 = TSimd.Load(c + (2 * TokenBatch.Lanes));
            c21 = TSimd.Load(c + (2 * TokenBatch.Lanes) + w);
            c30 = TSimd.Load(c + (3 * TokenBatch.Lanes));
            c31 = TSimd.Load(c + (3 * TokenBatch.Lanes) + w);
        }
        else
        {
            c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = TSimd.Broadcast(0f);
        }

        for (var k = 0; k < depth; k++)
        {
            var b0 = TSimd.Load(b);
            var b1 = TSimd.Load(b + w);
            var v = TSimd.Broadcast(*a);
            c00 = TSimd.MultiplyAdd(v, b0, c00);
            c01 = TSimd.MultiplyAdd(v, b1, c01);
            v = TSimd.Broadcast(a[TOperand.RowStride]);
            c10 = TSimd.MultiplyAdd(v, b0, c10);
            c11 = TSimd.MultiplyAdd(v, b1, c11);
            v = TSimd.Broadcast(a[2 * TOperand.RowStride]);
            c20 = TSimd.MultiplyAdd(v, b0, c20);
            c21 = TSimd.MultiplyAdd(v, b1, c21);
            v = TSimd.Broadcast(a[3 * TOperand.RowStride]);
            c30 = TSimd.MultiplyAdd(v, b0, c30);
            c31 = TSimd.MultiplyAdd(v, b1, c31);
            a += TOperand.DepthStride;
            b += TokenBatch.Lanes;
            if (TOperand.SpansPanels)
            {
                a = Step(a, skip, first + k);
            }
        }

        End(c00, c, end);
        End(c01, c + w, end);
        End(c10, c + TokenBatch.Lanes, end);
        End(c11, c + TokenBatch.Lanes + w, end);
        End(c20, c + (2 * TokenBatch.Lanes), end);
        End(c21, c + (2 * TokenBatch.Lanes) + w, end);
        End(c30, c + (3 * TokenBatch.Lanes), end);
        End(c31, c + (3 * TokenBatch.Lanes) + w, end);
    }
}
