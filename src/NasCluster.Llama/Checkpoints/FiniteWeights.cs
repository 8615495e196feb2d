using System.Numerics;
using System.Runtime.InteropServices;
using NasCluster.Core;

namespace NasCluster.Llama.Checkpoints;

/// <summary>Refuses networks with a NaN or an infinity among their weights.</summary>
/// <remarks>Looks at the stored bits without converting them, so it costs one pass at the speed of memory (or disk).</remarks>
internal static class FiniteWeights
{
    public static void Check(FileCheckpoint checkpoint, string path)
    {
        foreach (var tensor in TensorCatalog.Tensors(checkpoint).Cast<MappedTensor>())
        {
            for (var row = 0; row < tensor.Rows; row++)
            {
                var column = FirstNotFinite(tensor.Type, tensor.StoredRow(row));
                if (column >= 0)
                {
                    var values = new float[tensor.Columns];
                    tensor.ReadRow(row, values);
                    throw new NasClusterException(
                        $"{path}: {tensor.Name} is {values[column]} at row {row}, column {column}; weights must be finite.");
                }
            }
        }
    }

    /// <summary>Place of the first weight whose exponent bits are all ones, or -1.</summary>
    public static int FirstNotFinite(WeightType type, ReadOnlySpan<byte> stored) => type switch
    {
        WeightType.Float32 => FirstWithAll(MemoryMarshal.Cast<byte, uint>(stored), 0x7f80_0000u),
        WeightType.Float16 => FirstWithAll(MemoryMarshal.Cast<byte, ushort>(stored), (ushort)0x7c00),
        _ => FirstWithAll(MemoryMarshal.Cast<byte, ushort>(stored), (ushort)0x7f80),
    };

    private static int FirstWithAll<T>(ReadOnlySpan<T> bits, T exponent)
        where T : unmanaged, IBinaryInteger<T>
    {
        var i = 0;
        var mask = new Vector<T>(exponent);
        for (; i <= bits.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            if (Vector.EqualsAny(new Vector<T>(bits[i..]) & mask, mask))
            {
                break;
            }
        }

        for (; i < bits.Length; i++)
        {
            if ((bits[i] & exponent) == exponent)
            {
                return i;
            }
        }

        return -1;
    }
}
