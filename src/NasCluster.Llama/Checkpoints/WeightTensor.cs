namespace NasCluster.Llama.Checkpoints;

/// <summary>A matrix of weights, read row by row as float32 from wherever it lies. Safe to read from several threads.</summary>
public abstract class WeightTensor
{
    /// <summary>Its Hugging Face name, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>Outputs.</summary>
    public abstract int Rows { get; }

    /// <summary>Inputs.</summary>
    public abstract int Columns { get; }

    /// <summary>Copies one row, converted to float32, to <paramref name="destination"/>.</summary>
    /// <param name="row">0 to <see cref="Rows"/> - 1.</param>
    /// <param name="destination">At least <see cref="Columns"/> long.</param>
    public abstract void ReadRow(int row, Span<float> destination);
}
