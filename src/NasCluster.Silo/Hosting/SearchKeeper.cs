using NasCluster.Contracts.Searches;

namespace NasCluster.Silo.Hosting;

/// <summary>Asks the catalog every second to keep searches going: that is what brings them back after their silo died.</summary>
internal sealed partial class SearchKeeper(IGrainFactory grains, SiloReadiness readiness, TimeProvider time, ILogger<SearchKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!readiness.HasJoined)
            {
                continue;
            }

            try
            {
                await grains.GetGrain<ISearchCatalogGrain>(0).KeepGoingAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogFailed(exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The catalog of searches could not be reached.")]
    private partial void LogFailed(Exception exception);
}
