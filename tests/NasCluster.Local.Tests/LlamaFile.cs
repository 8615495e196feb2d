using System.Runtime.InteropServices;

namespace NasCluster.Local.Tests;

/// <summary>The smallest llama2.c file there can be.</summary>
internal static class LlamaFile
{
    /// <summary>Layers of zeros with a tied head.</summary>
    public static byte[] Zeros(int layers = 4)
    {
        const int hidden = 8, mlp = 12, heads = 2, positions = 64, vocabulary = 16;
        int[] header = [hidden, mlp, layers, heads, heads, vocabulary, positions];
        const int attention = 4 * hidden * hidden, feedForward = 3 * hidden * mlp, norms = 2 * hidden, rotary = positions * (hidden / heads);
        var weights = (vocabulary * hidden) + (layers * (attention + feedForward + norms)) + hidden + rotary;
        return [.. MemoryMarshal.AsBytes(header.AsSpan()), .. new byte[weights * sizeof(float)]];
    }
}
