using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Measurements;

namespace NasCluster.Evaluation;

/// <summary>Scores requests with several architectures at once, in portions, so that progress shows and others get their turn.</summary>
internal sealed class LikelihoodPass(ISuperNetwork network, DeviceGate gate)
{
    // Summed over the architectures: enough work that batching loses nothing, little enough that a lease is renewed and a
    // cancellation heard in time.
    private const int TokensPerPortion = 16384;

    private long _tokensScored;

    /// <summary>Tokens whose likelihoods were computed so far, once for each architecture.</summary>
    internal long TokensScored => Interlocked.Read(ref _tokensScored);

    /// <summary>One result per architecture: its likelihoods in the order of the requests, or why there are none.</summary>
    internal (LogLikelihood[]? Likelihoods, string? Failure)[] Run(
        IReadOnlyList<Architecture> architectures, ImmutableArray<ScoringRequest> requests, Action? progress, CancellationToken cancellation)
    {
        if (architectures.Count == 0)
        {
            return [];
        }

        try
        {
            return [.. Score(architectures, requests, progress, cancellation).Select(l => (l, (string?)null))];
        }
        catch (NasClusterException e) when (architectures.Count == 1)
        {
            return [(null, e.Message)];
        }
        catch (NasClusterException)
        {
            // One bad architecture must not take the others with it, and the engine does not say which it was.
            return [.. architectures.SelectMany(a => Run([a], requests, progress, cancellation))];
        }
    }

    private LogLikelihood[][] Score(
        IReadOnlyList<Architecture> architectures, ImmutableArray<ScoringRequest> requests, Action? progress, CancellationToken cancellation)
    {
        var all = architectures.Select(_ => new LogLikelihood[requests.Length]).ToArray();
        var mostTokens = TokensPerPortion / architectures.Count;
        for (var start = 0; start < requests.Length;)
        {
            var end = start + 1;
            for (var tokens = requests[start].TokenIds.Length; end < requests.Length && tokens + NewTokens(requests, end) <= mostTokens; end++)
            {
                tokens += NewTokens(requests, end);
            }

            LogLikelihood[][] portion;
            using (gate.Share(cancellation))
            {
                portion = network.Score(architectures, requests[start..end], cancellation);
            }

            for (var i = 0; i < all.Length; i++)
            {
                portion[i].CopyTo(all[i], start);
            }

            Interlocked.Add(ref _tokensScored, (long)architectures.Count * Enumerable.Range(start, end - start).Sum(r => requests[r].ScoredCount));
            start = end;
            progress?.Invoke();
        }

        return all;
    }

    // Engines compute requests of equal input once, and that is what the answers of one token to a question are.
    private static int NewTokens(ImmutableArray<ScoringRequest> requests, int request)
    {
        var tokens = requests[request].TokenIds.AsSpan();
        return tokens[..^1].SequenceEqual(requests[request - 1].TokenIds.AsSpan()[..^1]) ? 1 : tokens.Length;
    }
}
