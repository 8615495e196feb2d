using static TorchSharp.torch;

namespace NasCluster.Torch;

/// <summary>Cosines and sines of the rotary positions on a device: by position and pair, from double.</summary>
internal sealed class RotaryTurns : IDisposable
{
    /// <param name="positions">Positions, from 0.</param>
    /// <param name="headSize">Channels of a whole head: pair i turns by theta^(-2i / head size) a position.</param>
    /// <param name="theta">Base of the frequencies.</param>
    /// <param name="device">Where.</param>
    public RotaryTurns(int positions, int headSize, double theta, Device device)
    {
        Positions = positions;
        var half = headSize / 2;
        var (cosines, sines) = (new float[positions * half], new float[positions * half]);
        for (var t = 0; t < positions; t++)
        {
            for (var i = 0; i < half; i++)
            {
                var (sine, cosine) = Math.SinCos(t * Math.Pow(theta, -2.0 * i / headSize));
                (cosines[(t * half) + i], sines[(t * half) + i]) = ((float)cosine, (float)sine);
            }
        }

        Cosines = tensor(cosines, [positions, half], device: device);
        Sines = tensor(sines, [positions, half], device: device);
    }

    /// <summary>Positions there are.</summary>
    public int Positions { get; }

    /// <summary>[positions, pairs], float32.</summary>
    public Tensor Cosines { get; }

    /// <summary>[positions, pairs], float32.</summary>
    public Tensor Sines { get; }

    public void Dispose()
    {
        Cosines.Dispose();
        Sines.Dispose();
    }
}
