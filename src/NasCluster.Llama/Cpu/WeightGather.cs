using System.Runtime.Intrinsics;

namespace NasCluster.Llama.Cpu;

/// <summary>Brings chosen rows of packed weights together: most of what explicit sets of channels cost.</summary>
/// <remarks>
/// Rows that are neighbours before and after are copied up to four at once. One permutation of a whole panel for each panel that rows come
/// from was no faster with AVX-512: 0.30 to 0.34 ns a float, the copies 0.31 to 0.42, with half and four fifths of 512 rows kept.
/// </remarks>
internal static unsafe class WeightGather
{
    private const int PanelRows = PackedMatrix.PanelRows;

    /// <summary>Fills one panel.</summary>
    /// <param name="source">Where the rows are.</param>
    /// <param name="rows">1 to 12 of them; what the panel has in place of more has no meaning.</param>
    /// <param name="panel">
    /// Receives [inputs][12]. A copy of fewer than four rows runs over into places that a later copy fills, and the last one into the next
    /// panel, or the slack of the buffer: so panels are filled in ascending order.
    /// </param>
    public static void Panel(PackedMatrix source, ReadOnlySpan<int> rows, float* panel)
    {
        var sources = stackalloc float*[PanelRows];
        var places = stackalloc int[PanelRows];
        var count = 0;
        for (var r = 0; r < rows.Length;)
        {
            sources[count] = source.RowStart(rows[r]);
            places[count++] = r;
            var begin = r++;
            while (r < rows.Length && r - begin < 4 && rows[r] == rows[r - 1] + 1 && rows[r] % PanelRows != 0)
            {
                r++;
            }
        }

        for (nint k = 0; k < (nint)source.Depth * PanelRows; k += PanelRows)
        {
            for (var p = 0; p < count; p++)
            {
                Vector128.Load(sources[p] + k).Store(panel + k + places[p]);
            }
        }
    }
}
