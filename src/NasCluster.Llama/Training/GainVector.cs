using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>The gain of a norm where the kernels can read it.</summary>
/// <param name="weights">The master weights [1, channels], read by <see cref="Pack"/> only.</param>
internal sealed unsafe class GainVector(InMemoryTensor weights) : IDisposable
{
    private readonly AlignedBuffer _buffer = new(weights.Columns);

    public float* Data => _buffer.Data;

    /// <summary>Takes over the master weights as they are now.</summary>
    public void Pack() => weights.Values.CopyTo(new Span<float>(_buffer.Data, weights.Columns));

    public void Dispose() => _buffer.Dispose();
}
