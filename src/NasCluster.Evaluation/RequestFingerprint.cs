using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation;

/// <summary>The identity of sequences and of which of their tokens are scored.</summary>
public static class RequestFingerprint
{
    /// <summary>SHA-256 over token ids and scored spans, in lower-case hexadecimal.</summary>
    /// <param name="kind">What the sequences are; other kinds have other fingerprints.</param>
    /// <param name="requests">The sequences, in order.</param>
    public static string Of(string kind, ImmutableArray<ScoringRequest> requests) => Of(kind, requests, null);

    internal static string Of(string kind, ImmutableArray<ScoringRequest> requests, Action<CanonicalHash>? more)
    {
        using var hash = new CanonicalHash($"nascluster evaluation set 1: {kind}");
        hash.Add((long)requests.Length);
        foreach (var request in requests)
        {
            hash.Add(request.TokenIds.AsSpan()).Add((long)request.FirstScored);
        }

        more?.Invoke(hash);
        return hash.Finish();
    }
}
