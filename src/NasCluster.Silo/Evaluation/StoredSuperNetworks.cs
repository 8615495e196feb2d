using NasCluster.Contracts.Data;
using NasCluster.Silo.Hosting;

namespace NasCluster.Silo.Evaluation;

/// <summary>The super-networks that the cluster has stored, as this silo heard last.</summary>
internal sealed partial class StoredSuperNetworks(IGrainFactory grains, SiloReadiness readiness, TimeProvider time, ILogger<StoredSuperNetworks> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>All of them.</summary>
    public IReadOnlyList<StoredData> All { get; private set; } = [];

    /// <summary>Asks now.</summary>
    public async Task RefreshAsync(CancellationToken cancellation) =>
        All = [.. await grains.GetGrain<IDataCatalogGrain>(0).ListAsync(StoredDataKind.SuperNetwork, cancellation)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (readiness.HasJoined)
                {
                    await RefreshAsync(stoppingToken);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The catalog of super-networks could not be reached.")]
    private partial void LogFailed(Exception exception);
}
