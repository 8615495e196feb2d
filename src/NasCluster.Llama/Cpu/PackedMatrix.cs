using System.Runtime.Intrinsics;
using NasCluster.Core;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Cpu;

/// <summary>A weight matrix [N outputs, K inputs] in panels of 12 outputs: panel N/12, input K, output N % 12.</summary>
/// <remarks>The leading outputs are the leading panels and the leading inputs the front of each, so a narrower network is a view of this one.</remarks>
internal sealed unsafe class PackedMatrix : IDisposable
{
    /// <summary>Outputs in a panel: what one tile kernel computes at once.</summary>
    public const int PanelRows = 12;

    private readonly AlignedBuffer _buffer;
    private readonly BufferPool? _pool;

    private PackedMatrix(int rows, int depth, BufferPool? pool)
    {
        Rows = rows;
        Depth = depth;
        _pool = pool;
        var length = Pad(rows) * (long)depth;
        _buffer = pool is null ? new AlignedBuffer(length) : pool.Rent(length);
    }

    /// <summary>N.</summary>
    public int Rows { get; }

    /// <summary>K.</summary>
    public int Depth { get; }

    /// <summary>The whole matrix.</summary>
    public MatrixView View => new(_buffer.Data, (nint)PanelRows * Depth, Rows, Depth);

    /// <summary>Rounded up to whole panels.</summary>
    public static int Pad(int rows) => checked((rows + PanelRows - 1) / PanelRows * PanelRows);

    /// <summary>Packs a tensor: the one copy of it the engine makes.</summary>
    /// <exception cref="NasClusterException">The tensor has another shape, or a weight that is not finite.</exception>
    public static PackedMatrix Pack(WeightTensor tensor, int rows, int depth)
    {
        WeightReading.RequireShape(tensor, rows, depth);
        var packed = new PackedMatrix(rows, depth, null);
        var panel = new float[PanelRows * depth];
        for (var first = 0; first < rows; first += PanelRows)
        {
            var count = Math.Min(PanelRows, rows - first);
            for (var r = 0; r < count; r++)
            {
                WeightReading.ReadFinite(tensor, first + r, panel.AsSpan(r * depth, depth));
            }

            var destination = packed._buffer.Data + (first * (nint)depth);
            for (var k = 0; k < depth; k++)
            {
                for (var r = 0; r < count; r++)
                {
                    destination[(k * PanelRows) + r] = panel[(r * depth) + k];
                }
            }
        }

        return packed;
    }

    /// <summary>A smaller matrix of some of the outputs, in the order given; what fills up its last panel has no meaning.</summary>
    public PackedMatrix GatherRows(int[] rows, BufferPool pool)
    {
        var result = new PackedMatrix(rows.Length, Depth, pool);
        for (var first = 0; first < rows.Length; first += PanelRows)
        {
            WeightGather.Panel(this, rows.AsSpan(first, Math.Min(PanelRows, rows.Length - first)), result.RowStart(first));
        }

        return result;
    }

    /// <summary>A smaller matrix of some of the inputs, in the order given.</summary>
    public PackedMatrix GatherColumns(int[] columns, BufferPool pool)
    {
        var result = new PackedMatrix(Rows, columns.Length, pool);
        for (var first = 0; first < Rows; first += PanelRows)
        {
            var source = RowStart(first);
            var destination = result.RowStart(first);
            foreach (var column in columns)
            {
                var from = source + ((nint)column * PanelRows);
                Vector256.Load(from).Store(destination);
                Vector128.Load(from + 8).Store(destination + 8);
                destination += PanelRows;
            }
        }

        return result;
    }

    /// <summary>Where row <paramref name="row"/> begins; its elements lie <see cref="PanelRows"/> apart.</summary>
    public float* RowStart(int row) => _buffer.Data + (row / PanelRows * (nint)PanelRows * Depth) + (row % PanelRows);

    public void Dispose()
    {
        if (_pool is null)
        {
            _buffer.Dispose();
        }
        else
        {
            _pool.Return(_buffer);
        }
    }
}
