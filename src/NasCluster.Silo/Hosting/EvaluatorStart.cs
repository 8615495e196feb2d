using NasCluster.Contracts.Evaluators;
using NasCluster.Grains.Evaluators;
using NasCluster.Silo.Configuration;

namespace NasCluster.Silo.Hosting;

/// <summary>Activates this silo's evaluators when it has joined the cluster, and has them finish or hand back their work before it leaves.</summary>
internal sealed class EvaluatorStart(
    IGrainFactory grains, ILocalSiloDetails silo, EvaluationDevices devices, SiloSettings settings, SiloReadiness readiness, TimeProvider time)
    : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>How long work may take to be handed back: whoever it is for may be gone, and then its lease tells.</summary>
    private static readonly TimeSpan HandBackTime = TimeSpan.FromSeconds(10);

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(EvaluatorStart), ServiceLifecycleStage.Last, StartAsync, StopAsync);

    private async Task StartAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(Evaluators().Select(e => e.BeginAsync(cancellation)));
        readiness.HasJoined = true;
    }

    private async Task StopAsync(CancellationToken cancellation)
    {
        readiness.HasJoined = false;
        await Task.WhenAll(Evaluators().Select(e => DrainAsync(e, cancellation)));
    }

    private async Task DrainAsync(IEvaluatorGrain evaluator, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (!await evaluator.DrainAsync(settings.Evaluator.Grace, cancellation) && time.GetElapsedTime(began) < settings.Evaluator.Grace + HandBackTime)
        {
            // It is still at work, or hands it back, and this call has waited for it.
        }
    }

    private IEnumerable<IEvaluatorGrain> Evaluators() =>
        devices.ByName.Keys.Select(device => grains.GetGrain<IEvaluatorGrain>(new EvaluatorKey(silo.SiloAddress, device).ToString()));
}
