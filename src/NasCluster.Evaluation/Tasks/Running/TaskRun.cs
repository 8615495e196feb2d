using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tasks.Scoring;

namespace NasCluster.Evaluation.Tasks.Running;

/// <summary>Evaluates tasks with sub-networks of a network, portion by portion.</summary>
/// <remarks>
/// A portion is a run of whole documents: their prompts begin alike, and the engine computes that once. Portions depend on the set alone, so they are
/// the same whoever goes on with an evaluation; and working memory is that of a portion, however large the task is.
/// </remarks>
/// <param name="network">The network.</param>
/// <param name="store">Keeps what was scored; null to keep nothing.</param>
public sealed class TaskRun(ISuperNetwork network, ILikelihoodStore? store = null)
{
    /// <summary>Tokens of a portion, as far as documents are no longer: enough for an engine's largest batches, little enough to lose with a kill.</summary>
    private const int PortionTokens = 32768;

    /// <summary>Evaluates a task.</summary>
    /// <param name="set">The task.</param>
    /// <param name="architectures">The sub-networks, at least one. What their leading layers have in common is computed once.</param>
    /// <param name="progress">Told how many of the set's requests are done, after every portion.</param>
    /// <param name="cancellation">Stops between portions; what was scored is kept.</param>
    /// <exception cref="NasClusterException">An architecture or a request does not fit the network, a likelihood is not finite, or the store fails.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TaskResult Evaluate(TaskSet set, IReadOnlyList<Architecture> architectures, Action<int>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(architectures);
        ArgumentOutOfRangeException.ThrowIfZero(architectures.Count, nameof(architectures));
        var counting = network as ITokenCounting;
        var before = counting?.ScoredTokens ?? default;
        string[] keys = [.. architectures.Select(a => KeyOf(a, set))];
        var likelihoods = architectures.Select(_ => new LogLikelihood[set.Requests.Length]).ToArray();
        var kept = 0;
        foreach (var (first, end) in Portions(set))
        {
            cancellation.ThrowIfCancellationRequested();
            var missing = new List<int>();
            for (var a = 0; a < architectures.Count; a++)
            {
                if (store?.Find(keys[a], first, set.Requests[first..end]) is { } found)
                {
                    found.CopyTo(likelihoods[a], first);
                    kept += found.Length;
                }
                else
                {
                    missing.Add(a);
                }
            }

            if (missing.Count > 0)
            {
                var scored = network.Score([.. missing.Select(a => architectures[a])], set.Requests[first..end], cancellation);
                for (var i = 0; i < scored.Length; i++)
                {
                    scored[i].CopyTo(likelihoods[missing[i]], first);
                    store?.Keep(keys[missing[i]], first, scored[i]);
                }
            }

            progress?.Invoke(end);
        }

        return new TaskResult(set, [.. likelihoods.Select(l => set.Score(l))], counting?.ScoredTokens.Since(before), kept);
    }

    private string KeyOf(Architecture architecture, TaskSet set)
    {
        using var hash = new CanonicalHash("nascluster task likelihoods 1");
        hash.Add(network.Info.ScoringIdentity).Add(set.Fingerprint);
        EvaluationKeys.AddArchitecture(hash, architecture);
        return hash.Finish();
    }

    private static IEnumerable<(int First, int End)> Portions(TaskSet set)
    {
        var (first, tokens) = (0, 0L);
        foreach (var document in set.Documents)
        {
            var own = Tokens(set, document);
            if (document.FirstRequest > first && tokens + own > PortionTokens)
            {
                yield return (first, document.FirstRequest);
                (first, tokens) = (document.FirstRequest, 0);
            }

            tokens += own;
        }

        yield return (first, set.Requests.Length);
    }

    private static long Tokens(TaskSet set, ScoredDocument document) =>
        set.Requests.AsSpan(document.FirstRequest, document.RequestCount).ToArray().Sum(r => (long)r.TokenIds.Length);
}
