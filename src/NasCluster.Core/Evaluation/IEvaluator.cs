using NasCluster.Core.Search;

namespace NasCluster.Core.Evaluation;

/// <summary>Turns candidates into outcomes. It holds (or shares) a super-network and the evaluation sets.</summary>
/// <remarks>Safe to call from several threads at once.</remarks>
public interface IEvaluator : IEvaluationKeys, IDisposable
{
    /// <summary>The objectives it gives values for, in the order of <see cref="EvaluationOutcome.Values"/>.</summary>
    IReadOnlyList<Objective> Objectives { get; }

    /// <summary>Tokens of texts and tasks whose likelihoods it has computed so far, once for each sub-network; grows while it works.</summary>
    long TokensScored { get; }

    /// <summary>Evaluates candidates, sharing work between them where it can.</summary>
    /// <param name="candidates">What to evaluate.</param>
    /// <param name="progress">Called now and then while work goes on, from any thread; null when nobody listens.</param>
    /// <param name="cancellation">Stops it; nothing is returned then.</param>
    /// <returns>One outcome per candidate, in order. What goes wrong with one is a failed outcome.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    IReadOnlyList<EvaluationOutcome> Evaluate(IReadOnlyList<Candidate> candidates, Action? progress, CancellationToken cancellation);
}
