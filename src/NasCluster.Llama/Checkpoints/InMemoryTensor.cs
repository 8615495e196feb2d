namespace NasCluster.Llama.Checkpoints;

/// <summary>A weight matrix in an array: what tests, training and extraction make.</summary>
/// <param name="name">Its Hugging Face name.</param>
/// <param name="rows">Outputs.</param>
/// <param name="columns">Inputs.</param>
/// <param name="values">Row-major, rows x columns long.</param>
public sealed class InMemoryTensor(string name, int rows, int columns, float[] values) : WeightTensor
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override int Rows => rows;

    /// <inheritdoc/>
    public override int Columns => columns;

    /// <summary>Row-major values.</summary>
    public float[] Values { get; } = values.Length == rows * columns
        ? values
        : throw new ArgumentException($"{name}: {values.Length} values for {rows} x {columns}.", nameof(values));

    /// <inheritdoc/>
    public override void ReadRow(int row, Span<float> destination) => Values.AsSpan(row * columns, columns).CopyTo(destination);
}
