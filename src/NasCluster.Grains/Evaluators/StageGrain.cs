using Microsoft.Extensions.Logging;
using NasCluster.Contracts.Searches;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using Orleans.Concurrency;
using Orleans.Placement;

namespace NasCluster.Grains.Evaluators;

/// <inheritdoc cref="IStageGrain"/>
/// <remarks>The stage runs on a thread of its own, so that the grain answers at once. Nothing is kept: what has ended is its asker's to record.</remarks>
[Immovable, KeepAlive, Reentrant]
internal sealed partial class StageGrain(IStageRunner runner, TimeProvider time, ILogger<StageGrain> logger) : Grain, IStageGrain
{
    /// <summary>How long a call waits for the end at most, since calls must not be held open for long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    private string? _stage;
    private Task<StageResult>? _work;
    private CancellationTokenSource? _stop;
    private long _asked;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _asked = time.GetTimestamp();
        this.RegisterGrainTimer(_ => LookForAskersAsync(), new GrainTimerCreationOptions(LongestSilence / 4, LongestSilence / 4) { KeepAlive = true, Interleave = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => GiveUpAsync(cancellationToken);

    public async Task<StageStanding> CarryOutAsync(string stage, CancellationToken cancellation)
    {
        _asked = time.GetTimestamp();
        if (_work is null || _stage != stage)
        {
            await GiveUpAsync(cancellation);
            Begin(stage);
        }

        var work = _work!;
        await Task.WhenAny(work, Task.Delay(Patience, time, cancellation));
        if (!work.IsCompleted)
        {
            return new StageStanding(false);
        }

        if (!work.IsCompletedSuccessfully && _work == work)
        {
            _work = null;
        }

        var result = await work;
        return new StageStanding(true, result.Content, result.Record);
    }

    public Task GiveUpAsync(CancellationToken cancellation)
    {
        _stop?.Cancel(); // Not disposed of: the stage may still look at it.
        _stop = null;
        _work = null;
        return Task.CompletedTask;
    }

    private void Begin(string stage)
    {
        LogBegins(this.GetPrimaryKeyString());
        _stage = stage;
        _stop = new CancellationTokenSource();
        var token = _stop.Token;
        _work = Task.Factory.StartNew(() => RunAsync(stage, token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    private async Task<StageResult> RunAsync(string stage, CancellationToken cancellation)
    {
        try
        {
            return await runner.RunAsync(stage, cancellation);
        }
        catch (Exception exception) when (exception is not NasClusterException and not OperationCanceledException and not TimeoutException and not OrleansException)
        {
            // Such as memory exhaustion: begun again it would most likely end the same way, so it is said.
            throw new NasClusterException($"{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    private async Task LookForAskersAsync()
    {
        if (time.GetElapsedTime(_asked) > LongestSilence)
        {
            await GiveUpAsync(CancellationToken.None);
            DeactivateOnIdle();
        }
    }

    [LoggerMessage(LogLevel.Information, "A stage of {Search} is carried out here.")]
    private partial void LogBegins(string search);
}
