using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Engines;

/// <summary>What every engine looks at before it begins sequences or goes on with them.</summary>
internal static class DecodingSteps
{
    /// <summary>Fails unless sequences can begin.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No sequence, or no token in each.</exception>
    /// <exception cref="NasClusterException">The architecture does not fit the network, or the capacity is more than its positions.</exception>
    public static void CheckBeginning(LlamaConfiguration configuration, Architecture architecture, int sequences, int capacity)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentOutOfRangeException.ThrowIfLessThan(sequences, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        configuration.Check(architecture);
        if (capacity > configuration.MaximumPositions)
        {
            throw new NasClusterException($"The capacity is {capacity} tokens; the network takes at most {configuration.MaximumPositions}.");
        }
    }

    /// <summary>Fails unless a step can be taken.</summary>
    /// <param name="configuration">The network.</param>
    /// <param name="tokenIds">Row-major [sequences][T].</param>
    /// <param name="sequences">How many sequences there are.</param>
    /// <param name="length">Tokens that each has read.</param>
    /// <param name="capacity">Tokens that each may come to.</param>
    /// <returns>T.</returns>
    /// <exception cref="ArgumentException">There are no tokens, or not as many for one sequence as for another.</exception>
    /// <exception cref="NasClusterException">A token is none of the vocabulary, or the sequences would be longer than their capacity.</exception>
    public static int Check(LlamaConfiguration configuration, ReadOnlySpan<int> tokenIds, int sequences, int length, int capacity)
    {
        var steps = tokenIds.Length / sequences;
        if (steps == 0 || steps * sequences != tokenIds.Length)
        {
            throw new ArgumentException($"There are {tokenIds.Length} tokens for {sequences} sequences; each needs the same number, at least one.", nameof(tokenIds));
        }

        if (steps > capacity - length)
        {
            throw new NasClusterException($"{length} tokens were read and {steps} more are to be; the sequences were begun with a capacity of {capacity}.");
        }

        for (var s = 0; s < sequences; s++)
        {
            configuration.CheckTokens(tokenIds.Slice(s * steps, steps), $"the step of sequence {s}");
        }

        return steps;
    }
}
