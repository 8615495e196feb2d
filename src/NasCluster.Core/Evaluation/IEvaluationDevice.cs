using System.Collections.Immutable;
using NasCluster.Core.Search;

namespace NasCluster.Core.Evaluation;

/// <summary>A device of this process that evaluates for whatever searches it is asked to: a GPU, or the processor.</summary>
public interface IEvaluationDevice
{
    /// <summary>Its name among the devices of this process, such as <c>cpu</c> or <c>cuda-0</c>.</summary>
    string Name { get; }

    /// <summary>The most trials it takes at once, so that work they have in common is shared.</summary>
    int BatchSize { get; }

    /// <summary>The super-networks it can evaluate with, each as <see cref="SuperNetworks.SuperNetworkInfo.ScoringIdentity"/>; null when any can be fetched.</summary>
    ImmutableArray<string>? SuperNetworks { get; }

    /// <summary>Those it holds in memory now, each as in <see cref="SuperNetworks"/>.</summary>
    ImmutableArray<string> Loaded { get; }

    /// <summary>Bytes that super-networks take in its memory, those on their way there included.</summary>
    long HeldBytes { get; }

    /// <summary>Loads a super-network, whoever will need it, and keeps it in memory until the result is disposed of.</summary>
    /// <param name="superNetwork">Its name; what has this name later is not loaded.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="NasClusterException">There is none, or it cannot be loaded.</exception>
    ValueTask<IDisposable> HoldAsync(string superNetwork, CancellationToken cancellation);

    /// <summary>Makes ready to evaluate for a search, which may take minutes the first time.</summary>
    /// <param name="prepared">The search, as its preparation left it.</param>
    /// <param name="progress">Called now and then meanwhile, from any thread.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>To be disposed of after use; it holds the super-network in memory.</returns>
    /// <exception cref="NasClusterException">What the search needs is not to be had here.</exception>
    ValueTask<IEvaluationSession> OpenAsync(string prepared, Action progress, CancellationToken cancellation);
}

/// <summary>A device made ready for one search.</summary>
public interface IEvaluationSession : IDisposable
{
    /// <summary>What genomes mean.</summary>
    IArchitectureSpace Space { get; }

    /// <summary>Evaluates them.</summary>
    IEvaluator Evaluator { get; }
}
