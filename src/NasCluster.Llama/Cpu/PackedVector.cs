using NasCluster.Core;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Cpu;

/// <summary>The gain of a norm, or a bias.</summary>
internal sealed unsafe class PackedVector : IDisposable
{
    private readonly AlignedBuffer _buffer;

    private PackedVector(ReadOnlySpan<float> values)
    {
        _buffer = new AlignedBuffer(values.Length);
        values.CopyTo(new Span<float>(_buffer.Data, values.Length));
        Length = values.Length;
    }

    public float* Data => _buffer.Data;

    public int Length { get; }

    /// <summary>Reads a tensor of one row.</summary>
    /// <exception cref="NasClusterException">The tensor has another shape, or a weight that is not finite.</exception>
    public static PackedVector Read(WeightTensor tensor, int length)
    {
        var values = new float[length];
        WeightReading.RequireShape(tensor, 1, length);
        WeightReading.ReadFinite(tensor, 0, values);
        return new PackedVector(values);
    }

    public void Dispose() => _buffer.Dispose();
}
