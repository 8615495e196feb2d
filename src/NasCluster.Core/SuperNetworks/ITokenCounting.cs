namespace NasCluster.Core.SuperNetworks;

/// <summary>An engine that counts how much of what it is asked to score it has to compute.</summary>
public interface ITokenCounting
{
    /// <summary>Tokens that calls of <see cref="ISuperNetwork.Score"/> have come to so far, those of every call under way as far as it is. Safe to read at any time.</summary>
    TokenCounts ScoredTokens { get; }
}
