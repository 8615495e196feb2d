namespace NasCluster.Llama.Cpu;

/// <summary>The leading <paramref name="rows"/> outputs and <paramref name="depth"/> inputs of a packed matrix.</summary>
/// <param name="data">The first panel.</param>
/// <param name="panelStride">Floats from a panel to the next.</param>
/// <param name="rows">Outputs.</param>
/// <param name="depth">Inputs.</param>
internal readonly unsafe struct MatrixView(float* data, nint panelStride, int rows, int depth)
{
    public float* Data { get; } = data;

    public nint PanelStride { get; } = panelStride;

    public int Rows { get; } = rows;

    public int Depth { get; } = depth;

    /// <summary>Some of the outputs, from the first one of a panel on.</summary>
    public MatrixView From(int first, int rows) => new(Data + (first / PackedMatrix.PanelRows * PanelStride), PanelStride, rows, Depth);

    /// <summary>A narrower view: nothing is copied.</summary>
    public MatrixView Leading(int rows, int depth) => new(Data, PanelStride, rows, depth);
}
