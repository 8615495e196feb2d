namespace NasCluster.Llama.Checkpoints;

/// <summary>A matrix of ones that takes no memory, however large a hostile configuration says it is.</summary>
internal sealed class OnesTensor(string name, int rows, int columns) : WeightTensor
{
    public override string Name => name;

    public override int Rows => rows;

    public override int Columns => columns;

    public override void ReadRow(int row, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, rows);
        destination[..columns].Fill(1f);
    }
}
