using NasCluster.Contracts.Evaluators;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Grains.Evaluators;

/// <summary>One assignment while an evaluator works on it.</summary>
internal sealed class EvaluatorWork(Assignment assignment) : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();

    public Assignment Assignment { get; } = assignment;

    /// <summary>Whether it is to be dropped.</summary>
    public bool IsRevoked => _cancellation.IsCancellationRequested;

    public bool Is(string search, LeaseId lease) => Assignment.Search == search && Assignment.Lease == lease;

    public void Revoke() => _cancellation.Cancel();

    /// <summary>Evaluates the trials; none come back when it was revoked.</summary>
    public async Task<IReadOnlyList<EvaluationOutcome>> EvaluateAsync(IEvaluationDevice device, Action progress)
    {
        try
        {
            using var session = await device.OpenAsync(Assignment.Prepared, progress, _cancellation.Token);
            return TrialBatch.Evaluate(session.Evaluator, session.Space, Assignment.Trials, progress, _cancellation.Token);
        }
        catch (OperationCanceledException) when (IsRevoked)
        {
            return [];
        }
        catch (Exception exception)
        {
            return TrialBatch.Failures(Assignment.Trials.Length, exception);
        }
    }

    public void Dispose() => _cancellation.Dispose();
}
