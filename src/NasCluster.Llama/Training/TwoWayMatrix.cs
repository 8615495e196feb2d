using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>A weight matrix [N outputs, K inputs] packed twice, in panels of 12 outputs and of 12 inputs: both directions are the same kernel.</summary>
internal sealed unsafe class TwoWayMatrix : IDisposable
{
    private const int PanelRows = PackedMatrix.PanelRows;

    private readonly InMemoryTensor _weights;
    private readonly AlignedBuffer _forward;
    private readonly AlignedBuffer _backward;

    /// <param name="weights">The master weights, read by <see cref="Pack"/> only.</param>
    public TwoWayMatrix(InMemoryTensor weights)
    {
        _weights = weights;
        _forward = new AlignedBuffer((long)PackedMatrix.Pad(weights.Rows) * weights.Columns);
        _backward = new AlignedBuffer((long)PackedMatrix.Pad(weights.Columns) * weights.Rows);
    }

    /// <summary>The leading weights, to multiply activations by.</summary>
    public MatrixView Forward(int outputs, int inputs) => new(_forward.Data, (nint)PanelRows * _weights.Columns, outputs, inputs);

    /// <summary>The transpose of the leading weights [inputs, outputs], to multiply gradients by.</summary>
    public MatrixView Backward(int outputs, int inputs) => new(_backward.Data, (nint)PanelRows * _weights.Rows, inputs, outputs);

    /// <summary>Takes over the master weights as they are now.</summary>
    public void Pack()
    {
        var (rows, columns) = (_weights.Rows, _weights.Columns);
        fixed (float* source = _weights.Values)
        {
            for (var n = 0; n < rows; n++)
            {
                var destination = _forward.Data + (n / PanelRows * (nint)PanelRows * columns) + (n % PanelRows);
                var row = source + (n * (nint)columns);
                for (var k = 0; k < columns; k++)
                {
                    destination[k * PanelRows] = row[k];
                }

                for (var k = 0; k < columns; k += PanelRows)
                {
                    var count = Math.Min(PanelRows, columns - k);
                    new ReadOnlySpan<float>(row + k, count).CopyTo(new Span<float>(_backward.Data + (k * (nint)rows) + (n * PanelRows), count));
                }
            }
        }
    }

    public void Dispose()
    {
        _forward.Dispose();
        _backward.Dispose();
    }
}
