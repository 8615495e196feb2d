using NasCluster.Core.Architectures;

namespace NasCluster.Core.SuperNetworks;

/// <summary>An engine that can go on with sequences from where they are, keeping the keys and values of what came before.</summary>
/// <remarks>This is how a network is served: the prompt is read in one step (prefill), then each new token is one step (decode).</remarks>
public interface IDecoding
{
    /// <summary>Begins sequences of no tokens yet.</summary>
    /// <param name="architecture">The sub-network that reads them.</param>
    /// <param name="sequences">How many there are, at least one; all advance together.</param>
    /// <param name="capacity">Tokens that each may come to, at least one; keys and values for so many are reserved.</param>
    /// <returns>The sequences. The caller disposes of them.</returns>
    /// <exception cref="NasClusterException">The architecture does not fit the network, or the capacity is more than its positions.</exception>
    IDecodedSequences Begin(Architecture architecture, int sequences, int capacity);
}

/// <summary>Sequences that advance together, token by token or several tokens at once.</summary>
/// <remarks>Not safe to be advanced by two threads at once; other sequences of the same network may advance meanwhile.</remarks>
public interface IDecodedSequences : IDisposable
{
    /// <summary>How many sequences there are.</summary>
    int Count { get; }

    /// <summary>Tokens that each has read.</summary>
    int Length { get; }

    /// <summary>Reads the next tokens of every sequence.</summary>
    /// <param name="tokenIds">Row-major [sequences][T]: T token ids for each, at least one.</param>
    /// <param name="cancellation">Stops before anything is read.</param>
    /// <returns>Logits of the token after each sequence's last: row-major [sequences][vocabulary].</returns>
    /// <exception cref="NasClusterException">A token is none of the vocabulary, or the sequences would be longer than their capacity.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing was read.</exception>
    /// <exception cref="Evaluation.DeviceLostException">The device works no more.</exception>
    float[] Advance(ReadOnlySpan<int> tokenIds, CancellationToken cancellation);
}
