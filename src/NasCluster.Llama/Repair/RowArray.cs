using System.Runtime.InteropServices;

namespace NasCluster.Llama.Repair;

/// <summary>A row-major matrix of doubles outside the garbage-collected heap, at first zero.</summary>
internal sealed unsafe class RowArray : IDisposable
{
    private double* _data;

    public RowArray(int rows, int columns)
    {
        // At least one element, so that an empty matrix has an address too.
        _data = (double*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, (long)rows * columns) * sizeof(double), 64);
        Slice = new MatrixSlice(_data, rows, columns, columns);
        Clear();
    }

    ~RowArray() => Free();

    /// <summary>All of it.</summary>
    public MatrixSlice Slice { get; }

    public Span<double> Row(int row) => new(Slice.At(row, 0), Slice.Columns);

    public void Clear() => NativeMemory.Clear(_data, (nuint)((long)Slice.Rows * Slice.Columns) * sizeof(double));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }
}
