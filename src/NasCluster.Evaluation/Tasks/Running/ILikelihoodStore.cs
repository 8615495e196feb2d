using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Tasks.Running;

/// <summary>Keeps the likelihoods of task sets, portion by portion, so that an evaluation that was interrupted goes on and none is made twice.</summary>
public interface ILikelihoodStore
{
    /// <summary>The likelihoods of a portion; null where they are not kept.</summary>
    /// <param name="key">What was scored by what, as <see cref="TaskRun"/> names it.</param>
    /// <param name="first">Place of the portion's first request in the set.</param>
    /// <param name="requests">The portion's requests: as many likelihoods there are, and those of single tokens where a request asks for them.</param>
    /// <exception cref="NasClusterException">What is kept cannot be read.</exception>
    LogLikelihood[]? Find(string key, int first, ImmutableArray<ScoringRequest> requests);

    /// <summary>Keeps a portion.</summary>
    /// <param name="key">As in <see cref="Find"/>.</param>
    /// <param name="first">As in <see cref="Find"/>.</param>
    /// <param name="likelihoods">One per request.</param>
    /// <exception cref="NasClusterException">It cannot be written.</exception>
    void Keep(string key, int first, ReadOnlySpan<LogLikelihood> likelihoods);
}
