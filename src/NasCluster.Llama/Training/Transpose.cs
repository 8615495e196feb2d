using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>Turns a block of activations so that channels are lanes, which is what sums over tokens run along.</summary>
internal static unsafe class Transpose
{
    private const int Lanes = TokenBatch.Lanes;

    /// <summary>target [32][32] = transpose of source [32][32].</summary>
    /// <param name="source">[rows, rounded up to 4][32].</param>
    /// <param name="target">Columns from <paramref name="rows"/> on are left without meaning.</param>
    /// <param name="rows">At most 32.</param>
    public static void Block(float* source, float* target, int rows)
    {
        for (var row = 0; row < rows; row += 4)
        {
            for (var column = 0; column < Lanes; column += 4)
            {
                Four(source + (row * Lanes) + column, target + (column * Lanes) + row);
            }
        }
    }

    private static void Four(float* source, float* target)
    {
        if (!Sse.IsSupported)
        {
            for (var i = 0; i < 16; i++)
            {
                target[(i % 4 * Lanes) + (i / 4)] = source[(i / 4 * Lanes) + (i % 4)];
            }

            return;
        }

        var a = Vector128.Load(source);
        var b = Vector128.Load(source + Lanes);
        var c = Vector128.Load(source + (2 * Lanes));
        var d = Vector128.Load(source + (3 * Lanes));
        var ab = Sse.UnpackLow(a, b);
        var cd = Sse.UnpackLow(c, d);
        Sse.MoveLowToHigh(ab, cd).Store(target);
        Sse.MoveHighToLow(cd, ab).Store(target + Lanes);
        ab = Sse.UnpackHigh(a, b);
        cd = Sse.UnpackHigh(c, d);
        Sse.MoveLowToHigh(ab, cd).Store(target + (2 * Lanes));
        Sse.MoveHighToLow(cd, ab).Store(target + (3 * Lanes));
    }
}
