using NasCluster.Core;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Cpu;

/// <summary>What must hold of a tensor before its weights are computed with.</summary>
internal static class WeightReading
{
    /// <exception cref="NasClusterException">The tensor has another shape.</exception>
    public static void RequireShape(WeightTensor tensor, int rows, int columns)
    {
        if (tensor.Rows != rows || tensor.Columns != columns)
        {
            throw new NasClusterException($"{tensor.Name} is {tensor.Rows} x {tensor.Columns}; the configuration needs {rows} x {columns}.");
        }
    }

    /// <exception cref="NasClusterException">A weight is not finite.</exception>
    public static void ReadFinite(WeightTensor tensor, int row, Span<float> destination)
    {
        tensor.ReadRow(row, destination);
        for (var k = 0; k < destination.Length; k++)
        {
            if (!float.IsFinite(destination[k]))
            {
                throw new NasClusterException($"{tensor.Name} holds {destination[k]} in row {row}, column {k}; weights must be finite.");
            }
        }
    }
}
