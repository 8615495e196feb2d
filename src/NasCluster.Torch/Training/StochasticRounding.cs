using static TorchSharp.torch;

namespace NasCluster.Torch.Training;

/// <summary>Rounds float32 to bfloat16 up or down at random, by as much of the way as the value has gone, so that the mean stays the value.</summary>
/// <remarks>
/// The step of a weight in training is often less than half of what bfloat16 tells apart: rounded to the nearest, the weight would never move.
/// </remarks>
internal static class StochasticRounding
{
    private const int Bits = 8;

    /// <summary>Values rounded at once: 16 MiB of float32.</summary>
    private const long Portion = 1 << 22;

    /// <summary>Puts values in the place of others.</summary>
    /// <param name="target">bfloat16.</param>
    /// <param name="values">float32, of the same shape.</param>
    /// <param name="seed">Decides the directions.</param>
    public static void Copy(Tensor target, Tensor values, ulong seed)
    {
        using var generator = new Generator(seed, target.device);
        var step = Math.Max(1, Portion / Math.Max(1, values.numel() / values.shape[0]));
        for (var first = 0L; first < values.shape[0]; first += step)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(step, values.shape[0] - first);
            var value = values.narrow(0, first, count);

            // A mantissa in [1/2, 1) times 2^8 has just the bits that stay in front of its point.
            var (mantissa, exponent) = value.frexp();
            var place = (mantissa * (1 << Bits)) + rand(value.shape, float32, target.device, generator: generator);
            target.narrow(0, first, count).copy_(place.floor().ldexp(exponent - Bits));
        }
    }
}
