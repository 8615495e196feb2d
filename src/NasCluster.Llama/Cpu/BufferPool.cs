namespace NasCluster.Llama.Cpu;

/// <summary>Working memory kept between calls. What is rented holds whatever its last user left.</summary>
internal sealed class BufferPool : IDisposable
{
    private const int MostBuffers = 64;
    private const long MostFloats = 1L << 28;

    private readonly Lock _lock = new();
    private readonly List<AlignedBuffer> _free = [];
    private long _kept;

    /// <summary>A buffer of at least <paramref name="length"/> floats.</summary>
    public AlignedBuffer Rent(long length)
    {
        lock (_lock)
        {
            var best = -1;
            for (var i = 0; i < _free.Count; i++)
            {
                var fits = _free[i].Length >= length && _free[i].Length / 2 <= length;
                if (fits && (best < 0 || _free[i].Length < _free[best].Length))
                {
                    best = i;
                }
            }

            if (best >= 0)
            {
                var buffer = _free[best];
                _free.RemoveAt(best);
                _kept -= buffer.Length;
                return buffer;
            }
        }

        return new AlignedBuffer(length);
    }

    /// <summary>Gives a buffer back.</summary>
    public void Return(AlignedBuffer buffer)
    {
        lock (_lock)
        {
            _free.Add(buffer);
            _kept += buffer.Length;

            // Sizes that nobody asks for any more must not pile up: the oldest go first.
            while (_free.Count > MostBuffers || (_kept > MostFloats && _free.Count > 1))
            {
                _kept -= _free[0].Length;
                _free[0].Dispose();
                _free.RemoveAt(0);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var buffer in _free)
            {
                buffer.Dispose();
            }

            _free.Clear();
            _kept = 0;
        }
    }
}
