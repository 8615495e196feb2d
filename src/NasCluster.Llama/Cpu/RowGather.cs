namespace NasCluster.Llama.Cpu;

/// <summary>Brings chosen rows of the residual stream together.</summary>
internal static unsafe class RowGather
{
    private const int Lanes = TokenRows.Lanes;

    /// <summary>Fills one panel.</summary>
    /// <param name="stream">[panels][channels, padded][32].</param>
    /// <param name="stride">Floats from a panel of it to the next.</param>
    /// <param name="channels">Channels of each row.</param>
    /// <param name="rows">At least one; beyond 32 they are left for later panels. Lanes beyond the last row repeat it, so that they hold numbers.</param>
    /// <param name="panel">Receives [channels][32].</param>
    public static void Panel(float* stream, nint stride, int channels, ReadOnlySpan<int> rows, float* panel)
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            var row = rows[Math.Min(lane, rows.Length - 1)];
            var source = stream + (row / Lanes * stride) + (row % Lanes);
            for (var c = 0; c < channels; c++)
            {
                panel[(c * Lanes) + lane] = source[c * Lanes];
            }
        }
    }
}
