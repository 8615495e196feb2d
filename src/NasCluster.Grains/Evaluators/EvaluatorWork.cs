using System.Diagnostics;
using NasCluster.Contracts.Evaluators;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Grains.Evaluators;

/// <summary>One assignment while an evaluator works on it.</summary>
internal sealed class EvaluatorWork(Assignment assignment, TimeProvider time) : IDisposable
{
    private long _progress = time.GetTimestamp();
    private readonly CancellationTokenSource _cancellation = new();

    public Assignment Assignment { get; } = assignment;

    /// <summary>The call that brought it.</summary>
    public ActivityContext Cause { get; } = Activity.Current?.Context ?? default;

    /// <summary>How long ago it was last heard to get on.</summary>
    public TimeSpan SinceProgress => time.GetElapsedTime(Volatile.Read(ref _progress));

    /// <summary>Whether it is to be dropped.</summary>
    public bool IsRevoked => _cancellation.IsCancellationRequested;

    public bool Is(string search, LeaseId lease) => Assignment.Search == search && Assignment.Lease == lease;

    public void Revoke() => _cancellation.Cancel();

    /// <summary>How the device was lost over it; null where it was not.</summary>
    public DeviceLostException? Lost { get; private set; }

    /// <summary>Evaluates the trials; none come back when it was revoked, or the device was lost: then it is revoked too.</summary>
    /// <param name="device">What evaluates.</param>
    /// <param name="tokensScored">Told now and then, from any thread, how many tokens were scored in addition.</param>
    public async Task<IReadOnlyList<EvaluationOutcome>> EvaluateAsync(IEvaluationDevice device, Action<long> tokensScored)
    {
        try
        {
            using var session = await device.OpenAsync(Assignment.Prepared, Progress, _cancellation.Token);
            var tokens = new TokenTally(session.Evaluator, tokensScored);
            try
            {
                return TrialBatch.Evaluate(session.Evaluator, session.Space, Assignment.Trials, Progressed, _cancellation.Token);
            }
            finally
            {
                tokens.Count();
            }

            void Progressed()
            {
                Progress();
                tokens.Count();
            }
        }
        catch (OperationCanceledException) when (IsRevoked)
        {
            return [];
        }
        catch (DeviceLostException exception)
        {
            Lost = exception;
            Revoke();
            return [];
        }
        catch (Exception exception)
        {
            return TrialBatch.Failures(Assignment.Trials.Length, exception);
        }
    }

    public void Dispose() => _cancellation.Dispose();

    private void Progress() => Volatile.Write(ref _progress, time.GetTimestamp());
}
