using System.Runtime.Intrinsics;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Repair;

/// <summary>Products of matrices in double, in cache-sized blocks: what Cholesky factors and triangular solves spend their time on.</summary>
/// <remarks>
/// An element of the result changes once for each 256 inner places, by a chain of fused multiply-adds over them in order. Work is split by
/// rows of the result, so neither threads nor the width of vectors change a bit.
/// </remarks>
internal static unsafe class DoubleProduct
{
    private const int TileRows = 8;
    private const int TileColumns = 16;

    // 96 x 256 doubles of the left matrix stay in a core's own cache while all of the right one passes by.
    private const int ItemRows = 12 * TileRows;
    private const int Depth = 256;

    /// <summary>c += sign x a b.</summary>
    /// <param name="a">[m, k].</param>
    /// <param name="b">[k, n].</param>
    /// <param name="c">[m, n], rows of neighbours; it overlaps neither of the others.</param>
    /// <param name="sign">1 or -1.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="pool">Working memory.</param>
    /// <param name="lower">Whether only the lower triangle of <paramref name="c"/> is wanted; some elements above it change without meaning.</param>
    public static void Add(MatrixSlice a, MatrixSlice b, MatrixSlice c, double sign, Workers workers, BufferPool pool, bool lower = false)
    {
        var panels = (c.Columns + TileColumns - 1) / TileColumns;
        var packed = pool.Rent(2L * panels * TileColumns * Math.Min(Depth, Math.Max(a.Columns, 1)));
        try
        {
            for (var k = 0; k < a.Columns; k += Depth)
            {
                var depth = Math.Min(Depth, a.Columns - k);
                var right = (double*)packed.Data;
                workers.Run(panels, 0, (panel, _) =>
                {
                    var column = panel * TileColumns;
                    Pack(b.Block(k, column, depth, Math.Min(TileColumns, c.Columns - column)).Transposed, TileColumns, right + ((nint)column * depth));
                });
                workers.Run((c.Rows + ItemRows - 1) / ItemRows, 2 * ((ItemRows * Depth) + (TileRows * TileColumns)), (item, scratch) =>
                {
                    var row = item * ItemRows;
                    var rows = Math.Min(ItemRows, c.Rows - row);
                    var left = (double*)scratch.Data;
                    for (var r = 0; r < rows; r += TileRows)
                    {
                        Pack(a.Block(row + r, k, Math.Min(TileRows, rows - r), depth), TileRows, left + (r * depth));
                    }

                    var columns = lower ? Math.Min(row + rows, c.Columns) : c.Columns;
                    Tiles(left, right, c.Block(row, 0, rows, columns), depth, sign, left + (ItemRows * Depth));
                });
            }
        }
        finally
        {
            pool.Return(packed);
        }
    }

    // [lines, depth] to [depth][width], with zeros for lines that are missing. Along whichever way neighbours lie, and a cache line of a row
    // at a time: rows a power of two apart would throw each other out of the cache before their next element is read.
    private static void Pack(MatrixSlice source, int width, double* target)
    {
        const int CacheLine = 8;
        var depth = source.Columns;
        if (source.Rows < width)
        {
            new Span<double>(target, width * depth).Clear();
        }

        if (source.RowStride == 1)
        {
            for (var k = 0; k < depth; k++)
            {
                new ReadOnlySpan<double>(source.At(0, k), source.Rows).CopyTo(new Span<double>(target + (k * width), source.Rows));
            }

            return;
        }

        for (var first = 0; first < depth; first += CacheLine)
        {
            var end = Math.Min(first + CacheLine, depth);
            for (var line = 0; line < source.Rows; line++)
            {
                var from = source.At(line, 0);
                for (var k = first; k < end; k++)
                {
                    target[(k * width) + line] = from[k * source.ColumnStride];
                }
            }
        }
    }

    private static void Tiles(double* left, double* right, MatrixSlice c, int depth, double sign, double* tile)
    {
        for (var column = 0; column < c.Columns; column += TileColumns)
        {
            var columns = Math.Min(TileColumns, c.Columns - column);
            for (var row = 0; row < c.Rows; row += TileRows)
            {
                var rows = Math.Min(TileRows, c.Rows - row);
                var a = left + (row * depth);
                var b = right + ((nint)column * depth);
                if (Vector512.IsHardwareAccelerated)
                {
                    Multiply512(a, b, depth, tile);
                }
                else
                {
                    Multiply256(a, b, depth, tile);
                }

                for (var r = 0; r < rows; r++)
                {
                    var target = c.At(row + r, column);
                    var source = tile + (r * TileColumns);
                    if (columns == TileColumns)
                    {
                        for (var i = 0; i < TileColumns; i += 4)
                        {
                            (Vector256.Load(target + i) + (sign * Vector256.Load(source + i))).Store(target + i);
                        }
                    }
                    else
                    {
                        for (var i = 0; i < columns; i++)
                        {
                            target[i] += sign * source[i];
                        }
                    }
                }
            }
        }
    }

    internal static void Multiply512(double* a, double* b, int depth, double* tile)
    {
        Vector512<double> p0 = default, p1 = default, p2 = default, p3 = default, p4 = default, p5 = default, p6 = default, p7 = default;
        Vector512<double> q0 = default, q1 = default, q2 = default, q3 = default, q4 = default, q5 = default, q6 = default, q7 = default;
        for (var k = 0; k < depth; k++, a += TileRows, b += TileColumns)
        {
            var low = Vector512.Load(b);
            var high = Vector512.Load(b + 8);
            var x = Vector512.Create(a[0]);
            (p0, q0) = (Vector512.FusedMultiplyAdd(x, low, p0), Vector512.FusedMultiplyAdd(x, high, q0));
            x = Vector512.Create(a[1]);
            (p1, q1) = (Vector512.FusedMultiplyAdd(x, low, p1), Vector512.FusedMultiplyAdd(x, high, q1));
            x = Vector512.Create(a[2]);
            (p2, q2) = (Vector512.FusedMultiplyAdd(x, low, p2), Vector512.FusedMultiplyAdd(x, high, q2));
            x = Vector512.Create(a[3]);
            (p3, q3) = (Vector512.FusedMultiplyAdd(x, low, p3), Vector512.FusedMultiplyAdd(x, high, q3));
            x = Vector512.Create(a[4]);
            (p4, q4) = (Vector512.FusedMultiplyAdd(x, low, p4), Vector512.FusedMultiplyAdd(x, high, q4));
            x = Vector512.Create(a[5]);
            (p5, q5) = (Vector512.FusedMultiplyAdd(x, low, p5), Vector512.FusedMultiplyAdd(x, high, q5));
            x = Vector512.Create(a[6]);
            (p6, q6) = (Vector512.FusedMultiplyAdd(x, low, p6), Vector512.FusedMultiplyAdd(x, high, q6));
            x = Vector512.Create(a[7]);
            (p7, q7) = (Vector512.FusedMultiplyAdd(x, low, p7), Vector512.FusedMultiplyAdd(x, high, q7));
        }

        Store(p0, q0, 0);
        Store(p1, q1, 1);
        Store(p2, q2, 2);
        Store(p3, q3, 3);
        Store(p4, q4, 4);
        Store(p5, q5, 5);
        Store(p6, q6, 6);
        Store(p7, q7, 7);

        void Store(Vector512<double> low, Vector512<double> high, int row)
        {
            low.Store(tile + (row * TileColumns));
            high.Store(tile + (row * TileColumns) + 8);
        }
    }

    // Four rows and eight columns at a time, which is what 16 registers hold.
    internal static void Multiply256(double* a, double* b, int depth, double* tile)
    {
        for (var part = 0; part < 4; part++)
        {
            var row = part / 2 * 4;
            var column = part % 2 * 8;
            double* x = a + row, y = b + column, target = tile + (row * TileColumns) + column;
            Vector256<double> p0 = default, p1 = default, p2 = default, p3 = default, q0 = default, q1 = default, q2 = default, q3 = default;
            for (var k = 0; k < depth; k++, x += TileRows, y += TileColumns)
            {
                var low = Vector256.Load(y);
                var high = Vector256.Load(y + 4);
                var value = Vector256.Create(x[0]);
                (p0, q0) = (Vector256.FusedMultiplyAdd(value, low, p0), Vector256.FusedMultiplyAdd(value, high, q0));
                value = Vector256.Create(x[1]);
                (p1, q1) = (Vector256.FusedMultiplyAdd(value, low, p1), Vector256.FusedMultiplyAdd(value, high, q1));
                value = Vector256.Create(x[2]);
                (p2, q2) = (Vector256.FusedMultiplyAdd(value, low, p2), Vector256.FusedMultiplyAdd(value, high, q2));
                value = Vector256.Create(x[3]);
                (p3, q3) = (Vector256.FusedMultiplyAdd(value, low, p3), Vector256.FusedMultiplyAdd(value, high, q3));
            }

            p0.Store(target);
            q0.Store(target + 4);
            p1.Store(target + TileColumns);
            q1.Store(target + TileColumns + 4);
            p2.Store(target + (2 * TileColumns));
            q2.Store(target + (2 * TileColumns) + 4);
            p3.Store(target + (3 * TileColumns));
            q3.Store(target + (3 * TileColumns) + 4);
        }
    }
}
