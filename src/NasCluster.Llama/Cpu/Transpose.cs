using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NasCluster.Llama.Cpu;

/// <summary>Turns rows of floats into columns: activations so that channels are lanes, which is what sums over tokens run along.</summary>
internal static unsafe class Transpose
{
    private const int Lanes = TokenBatch.Lanes;

    /// <summary>target [32][32] = transpose of source [32][32].</summary>
    /// <param name="source">[rows, rounded up to 4][32].</param>
    /// <param name="target">Columns from <paramref name="rows"/> on are left without meaning.</param>
    /// <param name="rows">At most 32.</param>
    public static void Block(float* source, float* target, int rows)
    {
        var row = 0;
        for (; Avx.IsSupported && row + 8 <= rows; row += 8)
        {
            for (var column = 0; column < Lanes; column += 8)
            {
                Eight(source + (row * Lanes) + column, target + (column * Lanes) + row);
            }
        }

        for (; row < rows; row += 4)
        {
            for (var column = 0; column < Lanes; column += 4)
            {
                Four(source + (row * Lanes) + column, Lanes, target + (column * Lanes) + row, Lanes);
            }
        }
    }

    /// <summary>target [4][4] = transpose of source [4][4].</summary>
    /// <param name="source">First row.</param>
    /// <param name="sourceStride">Floats from one of its rows to the next.</param>
    /// <param name="target">First row.</param>
    /// <param name="targetStride">Floats from one of its rows to the next.</param>
    public static void Four(float* source, nint sourceStride, float* target, nint targetStride)
    {
        if (!Sse.IsSupported)
        {
            for (var i = 0; i < 16; i++)
            {
                target[(i % 4 * targetStride) + (i / 4)] = source[(i / 4 * sourceStride) + (i % 4)];
            }

            return;
        }

        var a = Vector128.Load(source);
        var b = Vector128.Load(source + sourceStride);
        var c = Vector128.Load(source + (2 * sourceStride));
        var d = Vector128.Load(source + (3 * sourceStride));
        var ab = Sse.UnpackLow(a, b);
        var cd = Sse.UnpackLow(c, d);
        Sse.MoveLowToHigh(ab, cd).Store(target);
        Sse.MoveHighToLow(cd, ab).Store(target + targetStride);
        ab = Sse.UnpackHigh(a, b);
        cd = Sse.UnpackHigh(c, d);
        Sse.MoveLowToHigh(ab, cd).Store(target + (2 * targetStride));
        Sse.MoveHighToLow(cd, ab).Store(target + (3 * targetStride));
    }

    // Pairs of rows four apart share a register from the start, so that halves never change places afterwards.
    private static void Eight(float* source, float* target)
    {
        const byte Lower = 0x44;
        const byte Upper = 0xEE;
        for (var half = 0; half < 2; half++, source += 4, target += 4 * Lanes)
        {
            var a = Pair(source, 0);
            var b = Pair(source, 1);
            var c = Pair(source, 2);
            var d = Pair(source, 3);
            var ab = Avx.UnpackLow(a, b);
            var cd = Avx.UnpackLow(c, d);
            Avx.Shuffle(ab, cd, Lower).Store(target);
            Avx.Shuffle(ab, cd, Upper).Store(target + Lanes);
            ab = Avx.UnpackHigh(a, b);
            cd = Avx.UnpackHigh(c, d);
            Avx.Shuffle(ab, cd, Lower).Store(target + (2 * Lanes));
            Avx.Shuffle(ab, cd, Upper).Store(target + (3 * Lanes));
        }

        static Vector256<float> Pair(float* at, int row) =>
            Vector256.Create(Vector128.Load(at + (row * Lanes)), Vector128.Load(at + ((row + 4) * Lanes)));
    }
}
