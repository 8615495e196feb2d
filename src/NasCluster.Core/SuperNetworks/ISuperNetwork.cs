using NasCluster.Core.Architectures;

namespace NasCluster.Core.SuperNetworks;

/// <summary>A trained network whose sub-networks share its weights.</summary>
/// <remarks>Safe to call from several threads at once: the weights never change, and each call has working memory of its own.</remarks>
public interface ISuperNetwork : IDisposable
{
    /// <summary>What network this is and how it computes.</summary>
    SuperNetworkInfo Info { get; }

    /// <summary>Natural-log likelihoods of each request's scored tokens.</summary>
    /// <param name="architectures">The sub-networks to score with. Given several, the work of their common leading layers is shared.</param>
    /// <param name="requests">What to score. How requests are batched never changes a bit of a result.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>One row per architecture, one entry per request, in the order given.</returns>
    /// <exception cref="NasClusterException">An architecture or token does not fit the network.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="Evaluation.DeviceLostException">The device works no more.</exception>
    LogLikelihood[][] Score(IReadOnlyList<Architecture> architectures, IReadOnlyList<ScoringRequest> requests, CancellationToken cancellation);
}

/// <summary>An engine that can also show the raw next-token logits.</summary>
public interface INextTokenLogits
{
    /// <summary>Logits of the token after every position.</summary>
    /// <param name="architecture">The sub-network.</param>
    /// <param name="tokenIds">T token ids, at least one.</param>
    /// <returns>T rows of vocabulary-size logits, row-major.</returns>
    float[] NextTokenLogits(Architecture architecture, IReadOnlyList<int> tokenIds);
}

/// <summary>An engine that can cut a sub-network out into a network of its own, which holds nothing else.</summary>
public interface IExtraction
{
    /// <summary>The dense sub-network; scoring it gives the same bits as scoring the architecture inside this network.</summary>
    /// <param name="architecture">What to keep.</param>
    /// <returns>A network whose full architecture is the one given. The caller disposes of it.</returns>
    ISuperNetwork Extract(Architecture architecture);
}
