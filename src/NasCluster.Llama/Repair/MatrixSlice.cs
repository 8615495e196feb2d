namespace NasCluster.Llama.Repair;

/// <summary>A block of a matrix of doubles in memory that somebody else holds, or its transpose.</summary>
/// <param name="data">Its first element.</param>
/// <param name="rows">How many.</param>
/// <param name="columns">How many.</param>
/// <param name="rowStride">Doubles from an element to the one below it.</param>
/// <param name="columnStride">Doubles from an element to the one right of it.</param>
internal readonly unsafe struct MatrixSlice(double* data, int rows, int columns, nint rowStride, nint columnStride = 1)
{
    public double* Data { get; } = data;

    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public nint RowStride { get; } = rowStride;

    public nint ColumnStride { get; } = columnStride;

    public MatrixSlice Transposed => new(Data, Columns, Rows, ColumnStride, RowStride);

    /// <summary>Address of an element.</summary>
    public double* At(int row, int column) => Data + (row * RowStride) + (column * ColumnStride);

    /// <summary>Some neighbouring rows and columns.</summary>
    public MatrixSlice Block(int row, int column, int rows, int columns) => new(At(row, column), rows, columns, RowStride, ColumnStride);
}
