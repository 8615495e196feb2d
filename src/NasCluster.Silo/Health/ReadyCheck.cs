using Microsoft.Extensions.Diagnostics.HealthChecks;
using NasCluster.Core.Storage;
using NasCluster.Grains.Storage;
using NasCluster.Silo.Hosting;

namespace NasCluster.Silo.Health;

/// <summary>Whether the silo can work: it is in the cluster, its evaluators have begun, and storage answers.</summary>
internal sealed class ReadyCheck(SiloReadiness readiness, CellStorage storage) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!readiness.HasJoined)
        {
            return HealthCheckResult.Unhealthy("has not joined the cluster");
        }

        try
        {
            await storage.OfCatalog.ReadAsync("searches", cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (StateCellException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}
