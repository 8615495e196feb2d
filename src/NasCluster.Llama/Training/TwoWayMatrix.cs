using System.Runtime.Intrinsics;
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
            for (var n = 0; n < rows; n += PanelRows)
            {
                PackForward(source + (n * (nint)columns), _forward.Data + (n * (nint)columns), Math.Min(PanelRows, rows - n), columns);
            }

            for (var n = 0; n < rows; n++)
            {
                PackBackward(source + (n * (nint)columns), _backward.Data + (n * (nint)PanelRows), rows, columns);
            }
        }
    }

    public void Dispose()
    {
        _forward.Dispose();
        _backward.Dispose();
    }

    // A panel of outputs [count][columns] to [columns][12].
    private static void PackForward(float* source, float* target, int count, int columns)
    {
        var whole = count == PanelRows ? columns / 4 * 4 : 0;
        for (var k = 0; k < whole; k += 4)
        {
            for (var n = 0; n < PanelRows; n += 4)
            {
                Transpose.Four(source + (n * (nint)columns) + k, columns, target + (k * PanelRows) + n, PanelRows);
            }
        }

        for (var k = whole; k < columns; k++)
        {
            for (var n = 0; n < count; n++)
            {
                target[(k * PanelRows) + n] = source[(n * (nint)columns) + k];
            }
        }
    }

    // An output's weights, 12 side by side and then 12 x rows on.
    private static void PackBackward(float* source, float* target, int rows, int columns)
    {
        var stride = (nint)PanelRows * rows;
        var k = 0;
        for (; k + PanelRows <= columns; k += PanelRows, source += PanelRows, target += stride)
        {
            Vector128.Load(source).Store(target);
            Vector128.Load(source + 4).Store(target + 4);
            Vector128.Load(source + 8).Store(target + 8);
        }

        for (var i = 0; i < columns - k; i++)
        {
            target[i] = source[i];
        }
    }
}
