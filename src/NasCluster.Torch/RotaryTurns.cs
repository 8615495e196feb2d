using NasCluster.Core.SuperNetworks;
using static TorchSharp.torch;

namespace NasCluster.Torch;

/// <summary>Cosines and sines of the rotary positions on a device: by position and pair, from double.</summary>
internal sealed class RotaryTurns : IDisposable
{
    /// <param name="configuration">The network: it says how far a pair turns a position.</param>
    /// <param name="positions">Positions, from 0.</param>
    /// <param name="device">Where.</param>
    public RotaryTurns(LlamaConfiguration configuration, int positions, Device device)
    {
        var half = configuration.HeadSize / 2;
        var frequencies = Enumerable.Range(0, half).Select(configuration.RotaryFrequency).ToArray();
        var (cosines, sines) = (new float[positions * half], new float[positions * half]);
        for (var t = 0; t < positions; t++)
        {
            for (var i = 0; i < half; i++)
            {
                var (sine, cosine) = Math.SinCos(t * frequencies[i]);
                (cosines[(t * half) + i], sines[(t * half) + i]) = ((float)cosine, (float)sine);
            }
        }

        Cosines = tensor(cosines, [positions, half], device: device);
        Sines = tensor(sines, [positions, half], device: device);
    }

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
