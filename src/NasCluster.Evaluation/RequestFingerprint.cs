using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation;

/// <summary>The identity of what is scored.</summary>
internal static class RequestFingerprint
{
    internal static string Of(string kind, ImmutableArray<ScoringRequest> requests, Action<CanonicalHash>? more = null)
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
