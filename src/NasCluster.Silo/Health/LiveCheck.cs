using Microsoft.Extensions.Diagnostics.HealthChecks;
using NasCluster.Core.Control.Hosting;
using NasCluster.Grains.Evaluators;

namespace NasCluster.Silo.Health;

/// <summary>Whether the silo should be left running: false when only a restart helps.</summary>
/// <remarks>
/// That is when its cluster has declared it dead, after which no other silo talks to it; or when it has been at work and then not answered a
/// call of its own for too long; or when a device of it was lost. Waiting for the cluster, for storage or for a super-network is none of
/// this: a restart would not shorten it.
/// </remarks>
internal sealed class LiveCheck(Pulse pulse, ISiloStatusOracle silos, EvaluationDevices devices) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        silos.CurrentStatus == SiloStatus.Dead ? HealthCheckResult.Unhealthy("its cluster has declared it dead")
        : pulse.IsLost ? HealthCheckResult.Unhealthy($"has not answered a call of its own for {pulse.Silence!.Value.TotalSeconds:0} s")
        : devices.Lost is { } lost ? HealthCheckResult.Unhealthy(lost.Message)
        : HealthCheckResult.Healthy());
}
