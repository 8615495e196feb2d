namespace NasCluster.Llama.Cpu;

/// <summary>Keys and values of one layer's rows, in panels: [panels][channels, padded][32] each.</summary>
internal sealed unsafe class KeyValues : IDisposable
{
    private const int Lanes = TokenRows.Lanes;

    private readonly AlignedBuffer _keys;
    private readonly AlignedBuffer _values;
    private readonly BufferPool? _pool;

    /// <summary>Makes room.</summary>
    /// <param name="panels">Panels of rows.</param>
    /// <param name="channels">Channels of all heads.</param>
    /// <param name="pool">Where the memory comes from and goes back to; memory of its own if there is none.</param>
    public KeyValues(long panels, int channels, BufferPool? pool)
    {
        _pool = pool;
        Stride = LayerPass.Stride(channels);
        var length = checked(panels * Stride);
        _keys = pool?.Rent(length) ?? new AlignedBuffer(length);
        try
        {
            _values = pool?.Rent(length) ?? new AlignedBuffer(length);
        }
        catch
        {
            _keys.Dispose();
            throw;
        }
    }

    /// <summary>The first panel of keys.</summary>
    public float* Keys => _keys.Data;

    /// <summary>The first panel of values.</summary>
    public float* Values => _values.Data;

    /// <summary>Floats from a panel to the next.</summary>
    public nint Stride { get; }

    /// <summary>Copies the rows of one panel to where their sequences have them here.</summary>
    /// <param name="from">Holds <paramref name="rows"/> as they are laid out.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="panel">Which of their panels.</param>
    /// <param name="channels">Channels to copy.</param>
    public void Take(KeyValues from, TokenRows rows, int panel, int channels)
    {
        foreach (var segment in rows.Segments(panel))
        {
            for (var done = 0; done < segment.Count;)
            {
                var row = segment.SequenceRow + segment.Position + done;
                var count = Math.Min(segment.Count - done, Lanes - (row % Lanes));
                var source = (panel * from.Stride) + segment.Lane + done;
                var destination = (row / Lanes * Stride) + (row % Lanes);
                Copy(from.Keys + source, Keys + destination, channels, count);
                Copy(from.Values + source, Values + destination, channels, count);
                done += count;
            }
        }
    }

    public void Dispose()
    {
        if (_pool is null)
        {
            _keys.Dispose();
            _values.Dispose();
        }
        else
        {
            _pool.Return(_keys);
            _pool.Return(_values);
        }
    }

    private static void Copy(float* source, float* destination, int channels, int count)
    {
        for (var c = 0; c < channels; c++, source += Lanes, destination += Lanes)
        {
            for (var t = 0; t < count; t++)
            {
                destination[t] = source[t];
            }
        }
    }
}
