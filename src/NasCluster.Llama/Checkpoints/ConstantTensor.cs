namespace NasCluster.Llama.Checkpoints;

/// <summary>A matrix of one value that takes no memory, however large a hostile configuration says it is.</summary>
internal sealed class ConstantTensor(string name, int rows, int columns, float value) : WeightTensor
{
    public override string Name => name;

    public override int Rows => rows;

    public override int Columns => columns;

    public override void ReadRow(int row, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, rows);
        destination[..columns].Fill(value);
    }
}
