namespace NasCluster.Llama.Calibration;

/// <summary>H = X X^T, the sums over tokens of the products of every two channels: symmetric, and all that least squares needs of X.</summary>
public sealed class GramMatrix
{
    /// <summary>Takes a matrix over.</summary>
    /// <param name="size">n channels.</param>
    /// <param name="values">Row-major n x n, both triangles.</param>
    /// <exception cref="ArgumentException">There are not n x n values.</exception>
    public GramMatrix(int size, double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (values.LongLength != (long)size * size)
        {
            throw new ArgumentException($"{values.LongLength} values for {size} x {size}.", nameof(values));
        }

        Size = size;
        Values = values;
    }

    /// <summary>Channels.</summary>
    public int Size { get; }

    /// <summary>Row-major, both triangles.</summary>
    public double[] Values { get; }

    /// <summary>Sum over tokens of channel <paramref name="row"/> times channel <paramref name="column"/>.</summary>
    public double this[int row, int column] => Values[((long)row * Size) + column];

    /// <summary>Mean of the diagonal: the mean power of a channel, which damping is measured by. 0 without channels.</summary>
    public double MeanDiagonal
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i < Size; i++)
            {
                sum += this[i, i];
            }

            return Size == 0 ? 0 : sum / Size;
        }
    }
}
