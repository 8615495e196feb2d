using System.Runtime.InteropServices;

namespace NasCluster.Local.Tests;

/// <summary>The smallest llama2.c file there can be.</summary>
internal static class LlamaFile
{
    /// <summary>Ids of the network's vocabulary.</summary>
    public const int Vocabulary = 16;

    /// <summary>One layer of zeros with a tied head.</summary>
    public static byte[] Zeros()
    {
        const int hidden = 8, mlp = 12, layers = 1, heads = 2, positions = 64;
        int[] header = [hidden, mlp, layers, heads, heads, Vocabulary, positions];
        const int attention = 4 * hidden * hidden, feedForward = 3 * hidden * mlp, norms = 2 * hidden, rotary = positions * (hidden / heads);
        const int weights = (Vocabulary * hidden) + (layers * (attention + feedForward + norms)) + hidden + rotary;
        return [.. MemoryMarshal.AsBytes(header.AsSpan()), .. new byte[weights * sizeof(float)]];
    }
}
