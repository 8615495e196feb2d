namespace NasCluster.Llama.Checkpoints;

/// <summary>A matrix that lies in a mapped file.</summary>
internal sealed class MappedTensor : WeightTensor
{
    private readonly MappedFile _file;
    private readonly long _offset;
    private readonly int _rowBytes;
    private readonly int _interleavedHeadSize;

    /// <param name="file">Where it lies.</param>
    /// <param name="offset">Its first byte; the whole matrix is inside the file.</param>
    /// <param name="type">How a weight is stored.</param>
    /// <param name="name">Its Hugging Face name.</param>
    /// <param name="rows">Outputs.</param>
    /// <param name="columns">Inputs.</param>
    /// <param name="interleavedHeadSize">Not 0: the file keeps the two rows of a rotary pair side by side in heads of this size.</param>
    public MappedTensor(MappedFile file, long offset, WeightType type, string name, int rows, int columns, int interleavedHeadSize = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + ((long)rows * columns * RowConversion.BytesPerWeight(type)), file.Length);
        _file = file;
        _offset = offset;
        _rowBytes = checked(columns * RowConversion.BytesPerWeight(type));
        _interleavedHeadSize = interleavedHeadSize;
        Type = type;
        Name = name;
        Rows = rows;
        Columns = columns;
    }

    public override string Name { get; }

    public override int Rows { get; }

    public override int Columns { get; }

    public WeightType Type { get; }

    public override void ReadRow(int row, Span<float> destination) => RowConversion.ToSingle(Type, StoredRow(row), destination);

    /// <summary>A row as it is stored.</summary>
    public ReadOnlySpan<byte> StoredRow(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        return _file.Bytes(_offset + ((long)PlaceOf(row) * _rowBytes), _rowBytes);
    }

    private int PlaceOf(int row)
    {
        if (_interleavedHeadSize == 0)
        {
            return row;
        }

        var (head, channel) = Math.DivRem(row, _interleavedHeadSize);
        var half = _interleavedHeadSize / 2;
        return (head * _interleavedHeadSize) + (channel < half ? 2 * channel : (2 * (channel - half)) + 1);
    }
}
