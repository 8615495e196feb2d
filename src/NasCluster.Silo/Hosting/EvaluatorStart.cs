using NasCluster.Contracts.Evaluators;
using NasCluster.Grains.Evaluators;
using NasCluster.Silo.Configuration;

namespace NasCluster.Silo.Hosting;

/// <summary>Activates this silo's evaluators when it has joined the cluster, and has them finish or hand back their work before it leaves.</summary>
internal sealed class EvaluatorStart(
    IGrainFactory grains, ILocalSiloDetails silo, EvaluationDevices devices, SiloSettings settings, SiloReadiness readiness) : ILifecycleParticipant<ISiloLifecycle>
{
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
        await Task.WhenAll(Evaluators().Select(e => e.DrainAsync(settings.Evaluator.Grace, cancellation)));
    }

    private IEnumerable<IEvaluatorGrain> Evaluators() =>
        devices.ByName.Keys.Select(device => grains.GetGrain<IEvaluatorGrain>(new EvaluatorKey(silo.SiloAddress, device).ToString()));
}
