using NasCluster.Contracts.Evaluators;
using NasCluster.Grains.Evaluators;

namespace NasCluster.Silo.Hosting;

/// <summary>Sees to it that this silo's evaluators are active, every few seconds.</summary>
/// <remarks>
/// Where an activation is was recorded on some silo, and if that one dies the runtime ends the activation. A search that holds the evaluator
/// would call it back to life, but an idle one nobody calls, and it would never announce itself again.
/// </remarks>
internal sealed partial class EvaluatorKeeper(
    IGrainFactory grains, ILocalSiloDetails silo, EvaluationDevices devices, SiloReadiness readiness, TimeProvider time, ILogger<EvaluatorKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var device in devices.ByName.Keys.Where(_ => readiness.HasJoined))
            {
                try
                {
                    await grains.GetGrain<IEvaluatorGrain>(new EvaluatorKey(silo.SiloAddress, device).ToString()).BeginAsync(stoppingToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
                {
                    LogFailed(exception, device);
                }
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "This silo's evaluator on {Device} could not be reached.")]
    private partial void LogFailed(Exception exception, string device);
}
