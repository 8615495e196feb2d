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

    private PackedMatrix(int rows, int depth)
    {
        Rows = rows;
        Depth = depth;
        _buffer = new AlignedBuffer(Pad(rows) * (long)depth);
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
        var packed = new PackedMatrix(rows, depth);
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

    /// <summary>A smaller matrix of the rows and columns picked out, in that order; null keeps all.</summary>
    public PackedMatrix Gather(int[]? rows, int[]? columns)
    {
        var result = new PackedMatrix(rows?.Length ?? Rows, columns?.Length ?? Depth);
        for (var n = 0; n < result.Rows; n++)
        {
            var source = RowStart(rows?[n] ?? n);
            var destination = result.RowStart(n);
            for (var k = 0; k < result.Depth; k++)
            {
                destination[k * PanelRows] = source[(columns?[k] ?? k) * PanelRows];
            }
        }

        return result;
    }

    /// <summary>Where row <paramref name="row"/> begins; its elements lie <see cref="PanelRows"/> apart.</summary>
    public float* RowStart(int row) => _buffer.Data + (row / PanelRows * (nint)PanelRows * Depth) + (row % PanelRows);

    public void Dispose() => _buffer.Dispose();
}
