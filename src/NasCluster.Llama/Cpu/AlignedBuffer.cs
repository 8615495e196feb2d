using System.Runtime.InteropServices;

namespace NasCluster.Llama.Cpu;

/// <summary>Floats outside the garbage-collected heap, aligned to a cache line and at first zero.</summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    // A tile kernel may read, and then ignore, a few floats beyond the last row it was given.
    private const int Slack = 256;

    public AlignedBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var bytes = checked((nuint)(length + Slack) * sizeof(float));
        Data = (float*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(Data, bytes);
        GC.AddMemoryPressure((long)bytes);
    }

    ~AlignedBuffer() => Free();

    public float* Data { get; private set; }

    public long Length { get; }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (Data != null)
        {
            NativeMemory.AlignedFree(Data);
            Data = null;
            GC.RemoveMemoryPressure((Length + Slack) * sizeof(float));
        }
    }
}
