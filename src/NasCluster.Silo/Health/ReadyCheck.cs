using Microsoft.Extensions.Diagnostics.HealthChecks;
using NasCluster.Core.Storage;
using NasCluster.Grains.Storage;
using NasCluster.Silo.Hosting;

namespace NasCluster.Silo.Health;

/// <summary>Whether the silo can work: it is in the cluster, its evaluators have begun, the super-networks it is to hold are there, and storage answers.</summary>
internal sealed class ReadyCheck(SiloReadiness readiness, CellStorage storage) : IHealthCheck
{
    /// <summary>Clients of storages try again for minutes; whoever asks here wants to know now.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!readiness.HasJoined)
        {
            return HealthCheckResult.Unhealthy("has not joined the cluster");
        }

        if (readiness.Missing is { Count: > 0 } missing)
        {
            return HealthCheckResult.Unhealthy(
                $"has not the super-networks it is to hold: {string.Join("; ", missing.Select(m => $"{m.Key} ({m.Value})"))}");
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await storage.OfCatalog.ReadAsync("searches", patience.Token);
            return HealthCheckResult.Healthy();
        }
        catch (StateCellException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"storage has not answered for {Patience.TotalSeconds} s");
        }
    }
}
