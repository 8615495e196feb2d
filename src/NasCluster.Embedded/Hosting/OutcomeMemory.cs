using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Embedded.Hosting;

/// <summary>The cache as a host uses it: one that fails is given up with a notice, and the search goes on without.</summary>
internal sealed class OutcomeMemory(IEvaluationCache? cache, Action<string> notice)
{
    private IEvaluationCache? _cache = cache;

    /// <summary>The outcomes known for some keys.</summary>
    public ImmutableDictionary<EvaluationKey, EvaluationOutcome> Find(IReadOnlyList<EvaluationKey> keys)
    {
        var found = ImmutableDictionary<EvaluationKey, EvaluationOutcome>.Empty;
        Try(cache => found = cache.Find(keys));
        return found;
    }

    /// <summary>Remembers what was evaluated.</summary>
    public void Remember(IReadOnlyList<OutcomeRecord> outcomes) => Try(cache => cache.Remember(outcomes));

    private void Try(Action<IEvaluationCache> use)
    {
        if (_cache is not { } cache)
        {
            return;
        }

        try
        {
            use(cache);
        }
        catch (NasClusterException exception)
        {
            _cache = null;
            notice($"Outcomes are no longer remembered across searches: {exception.Message}");
        }
    }
}
