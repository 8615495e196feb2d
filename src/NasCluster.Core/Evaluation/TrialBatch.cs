using NasCluster.Core.Search;

namespace NasCluster.Core.Evaluation;

/// <summary>Evaluates trials so that whatever goes wrong with them is their failure and nobody else's.</summary>
public static class TrialBatch
{
    /// <summary>Evaluates trials.</summary>
    /// <param name="evaluator">What evaluates.</param>
    /// <param name="space">What genomes mean.</param>
    /// <param name="trials">The trials.</param>
    /// <param name="progress">Called now and then while work goes on, from any thread; null when nobody listens.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>One outcome per trial, in order; none when cancelled.</returns>
    /// <exception cref="DeviceLostException">The device works no more; the trials are to be evaluated elsewhere, or later.</exception>
    public static IReadOnlyList<EvaluationOutcome> Evaluate(
        IEvaluator evaluator, IArchitectureSpace space, IReadOnlyList<Trial> trials, Action? progress, CancellationToken cancellation)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            Candidate[] candidates = [.. trials.Select(trial => space.CandidateOf(trial.Genome))];
            var outcomes = evaluator.Evaluate(candidates, progress, cancellation);
            return outcomes.Count == trials.Count
                ? outcomes
                : Failures(trials.Count, $"the evaluator gave {outcomes.Count} outcomes for {trials.Count} candidates");
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return [];
        }
        catch (Exception exception) when (exception is not DeviceLostException)
        {
            // Whatever an evaluator throws, memory exhaustion included, is that candidate's failure and not the search's.
            // A cancellation nobody asked for is one too.
            return Failures(trials.Count, exception);
        }
    }

    /// <summary>The same failure for some trials.</summary>
    /// <param name="count">How many.</param>
    /// <param name="exception">What went wrong.</param>
    public static IReadOnlyList<EvaluationOutcome> Failures(int count, Exception exception) =>
        Failures(count, (exception is NasClusterException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}").ReplaceLineEndings(" "));

    private static EvaluationOutcome[] Failures(int count, string reason)
    {
        var failure = EvaluationOutcome.Failed(reason);
        return [.. Enumerable.Repeat(failure, count)];
    }
}
