namespace NasCluster.Llama.Cpu;

/// <summary>Where the left operand of a tile product lies: row r at depth k is r x <see cref="RowStride"/> + k x <see cref="DepthStride"/>.</summary>
internal interface ITileOperand
{
    static abstract int RowStride { get; }

    static abstract int DepthStride { get; }

    /// <summary>Whether depth runs over the ends of panels of 32, where the operand goes on elsewhere.</summary>
    static virtual bool SpansPanels => false;
}

/// <summary>Weights in panels: 12 outputs side by side.</summary>
internal readonly struct WeightPanel : ITileOperand
{
    public static int RowStride => 1;

    public static int DepthStride => PackedMatrix.PanelRows;
}

/// <summary>Keys in activation panels: rows are tokens, depth is the head's channels.</summary>
internal readonly struct KeyPanel : ITileOperand
{
    public static int RowStride => 1;

    public static int DepthStride => TokenBatch.Lanes;
}

/// <summary>Values in activation panels: rows are the head's channels, depth is tokens.</summary>
internal readonly struct ValuePanel : ITileOperand
{
    public static int RowStride => TokenBatch.Lanes;

    public static int DepthStride => 1;
}

/// <summary>As <see cref="ValuePanel"/>, over tokens of several panels: a sum over all of them never leaves its register.</summary>
internal readonly struct TokenPanels : ITileOperand
{
    public static int RowStride => TokenBatch.Lanes;

    public static int DepthStride => 1;

    public static bool SpansPanels => true;
}
