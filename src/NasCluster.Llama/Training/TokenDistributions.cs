using System.Numerics;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>What a network expects in the place of each scored token of a batch: what another is to learn from it (distillation).</summary>
/// <remarks>Holds tokens x vocabulary floats. Good for the sequences it was recorded from, in the same order, and for no others.</remarks>
public sealed unsafe class TokenDistributions : IDisposable
{
    private AlignedBuffer? _buffer;

    /// <summary>Scored tokens.</summary>
    public int Tokens { get; private set; }

    /// <summary>Entries of each distribution.</summary>
    public int Vocabulary { get; private set; }

    /// <summary>[panels of 32 tokens][vocabulary, padded][32].</summary>
    internal float* Data => _buffer is null ? null : _buffer.Data;

    /// <summary>
    /// Puts (1 - <paramref name="share"/>) x this + <paramref name="share"/> x <paramref name="other"/> in the place of this: learning
    /// from two teachers is learning from their mixture, since the cross-entropies by both have the gradient of the one by that.
    /// </summary>
    /// <exception cref="ArgumentException">They are not of the same tokens.</exception>
    public void Mix(TokenDistributions other, float share)
    {
        ArgumentNullException.ThrowIfNull(other);
        RequireSize(other.Tokens, other.Vocabulary);
        var own = Data;
        var others = other.Data;
        var length = Length(Tokens, Vocabulary);
        for (var i = 0L; i < length; i += Vector<float>.Count)
        {
            // Whole panels, so whole vectors.
            ((Vector.Load(own + i) * (1f - share)) + (Vector.Load(others + i) * share)).Store(own + i);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _buffer?.Dispose();
        _buffer = null;
        Tokens = 0;
    }

    internal void Resize(int tokens, int vocabulary)
    {
        if (_buffer is null || _buffer.Length < Length(tokens, vocabulary))
        {
            _buffer?.Dispose();
            _buffer = new AlignedBuffer(Length(tokens, vocabulary));
        }

        (Tokens, Vocabulary) = (tokens, vocabulary);
    }

    internal void RequireSize(int tokens, int vocabulary)
    {
        if (tokens != Tokens || vocabulary != Vocabulary)
        {
            throw new ArgumentException($"The distributions are of {Tokens} tokens x {Vocabulary}; {tokens} x {vocabulary} are needed.");
        }
    }

    private static long Length(int tokens, int vocabulary) => (tokens + TokenBatch.Lanes - 1L) / TokenBatch.Lanes * LayerPass.Stride(vocabulary);
}
