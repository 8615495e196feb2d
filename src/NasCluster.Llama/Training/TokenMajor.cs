using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>Activations turned so that channels are lanes [channels / 32, rounded up][panels][32 tokens][32 channels].</summary>
/// <param name="data">Room for <see cref="Length"/> floats.</param>
/// <param name="panels">Of the batch.</param>
/// <param name="channels">Lanes beyond them have no meaning.</param>
internal readonly unsafe struct TokenMajor(float* data, int panels, int channels)
{
    private const int Lanes = TokenBatch.Lanes;

    public int Channels { get; } = channels;

    /// <summary>Floats for so many panels and channels.</summary>
    public static nint Length(int panels, nint channels) => (channels + Lanes - 1) / Lanes * panels * Lanes * Lanes;

    /// <summary>32 channels of all tokens from panel <paramref name="panel"/> on, in order [tokens][32].</summary>
    /// <param name="channel">The first of them, a multiple of 32.</param>
    /// <param name="panel">The first panel.</param>
    public float* From(int channel, int panel) => data + (((channel / Lanes * (nint)panels) + panel) * Lanes * Lanes);

    /// <summary>Takes over some panels.</summary>
    /// <param name="source">The batch's first panel [panels][channels, padded][32].</param>
    /// <param name="stride">Floats from a panel to the next.</param>
    /// <param name="first">The first panel to take.</param>
    /// <param name="count">How many.</param>
    public void Take(float* source, nint stride, int first, int count)
    {
        for (var panel = first; panel < first + count; panel++)
        {
            for (var channel = 0; channel < Channels; channel += Lanes)
            {
                Transpose.Block(source + (panel * stride) + (channel * Lanes), From(channel, panel), Math.Min(Lanes, Channels - channel));
            }
        }
    }
}
