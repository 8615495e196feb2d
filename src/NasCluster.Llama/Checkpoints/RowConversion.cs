using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace NasCluster.Llama.Checkpoints;

/// <summary>Stored weights to float32 and back. Little-endian, as every format here is.</summary>
internal static class RowConversion
{
    public static int BytesPerWeight(WeightType type) => type == WeightType.Float32 ? 4 : 2;

    /// <summary>The name safetensors has for the type.</summary>
    public static string Name(WeightType type) => type switch
    {
        WeightType.Float32 => "F32",
        WeightType.Float16 => "F16",
        _ => "BF16",
    };

    public static void ToSingle(WeightType type, ReadOnlySpan<byte> stored, Span<float> destination)
    {
        switch (type)
        {
            case WeightType.Float32:
                stored.CopyTo(MemoryMarshal.AsBytes(destination));
                break;
            case WeightType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(stored), destination);
                break;
            default:
                FromBFloat16(MemoryMarshal.Cast<byte, ushort>(stored), destination);
                break;
        }
    }

    /// <summary>Rounds to nearest even. A value the type cannot hold becomes infinite.</summary>
    public static void FromSingle(WeightType type, ReadOnlySpan<float> values, Span<byte> stored)
    {
        switch (type)
        {
            case WeightType.Float32:
                MemoryMarshal.AsBytes(values).CopyTo(stored);
                break;
            case WeightType.Float16:
                TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(stored));
                break;
            default:
                ToBFloat16(values, MemoryMarshal.Cast<byte, ushort>(stored));
                break;
        }
    }

    private static void FromBFloat16(ReadOnlySpan<ushort> stored, Span<float> destination)
    {
        var bits = MemoryMarshal.Cast<float, uint>(destination)[..stored.Length];
        var i = 0;
        for (; i <= stored.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(stored[i..]), out var low, out var high);
            (low << 16).CopyTo(bits[i..]);
            (high << 16).CopyTo(bits[(i + Vector<uint>.Count)..]);
        }

        for (; i < stored.Length; i++)
        {
            bits[i] = (uint)stored[i] << 16;
        }
    }

    private static void ToBFloat16(ReadOnlySpan<float> values, Span<ushort> stored)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(values[i]);

            // A NaN must not be rounded: its payload could carry over into infinity.
            stored[i] = float.IsNaN(values[i]) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
        }
    }
}
