using System.Collections.Immutable;

namespace NasCluster.Core.SuperNetworks;

/// <summary>A sequence and the span of it to score.</summary>
public sealed record ScoringRequest
{
    /// <summary>Makes a request.</summary>
    /// <param name="tokenIds">The whole sequence; a token sees those before it.</param>
    /// <param name="firstScored">Place of the first scored token, at least 1: the first token of a sequence has nothing before it.</param>
    /// <param name="perToken">Whether the answer lists every scored token.</param>
    /// <exception cref="ArgumentOutOfRangeException">The span is empty or starts at 0.</exception>
    public ScoringRequest(ImmutableArray<int> tokenIds, int firstScored, bool perToken = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstScored, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(firstScored, tokenIds.Length);
        TokenIds = tokenIds;
        FirstScored = firstScored;
        PerToken = perToken;
    }

    /// <summary>The whole sequence.</summary>
    public ImmutableArray<int> TokenIds { get; }

    /// <summary>Place of the first scored token; every token from there to the end is scored.</summary>
    public int FirstScored { get; }

    /// <summary>How many tokens are scored.</summary>
    public int ScoredCount => TokenIds.Length - FirstScored;

    /// <summary>Whether the answer lists every scored token.</summary>
    public bool PerToken { get; }
}
