using NasCluster.Client.Connection;
using NasCluster.Core;
using NasCluster.Core.Storage.Contents;

namespace NasCluster.Client.Searches;

/// <summary>Keeps the cluster's contents from being deleted while this client stores some, or starts a search on some; renewed as long as it lives.</summary>
internal sealed class ContentHolding : IAsyncDisposable
{
    private static readonly TimeSpan RenewalInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ClusterConnection _cluster;
    private readonly long _hold;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _renewing;
    private bool _isEnded;

    private ContentHolding(ClusterConnection cluster, long hold, TimeProvider time)
    {
        _cluster = cluster;
        _hold = hold;
        _renewing = RenewAsync(time);
    }

    /// <summary>Begins to hold; while others are being deleted, waits for that.</summary>
    public static async Task<ContentHolding> BeginAsync(ClusterConnection cluster, Action<string> said, TimeProvider time, CancellationToken cancellation)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                return new ContentHolding(cluster, await cluster.Data.HoldAsync(cancellation), time);
            }
            catch (ContentDeletionException exception)
            {
                if (isFirst)
                {
                    said($"waiting: {exception.Message}");
                }

                await Task.Delay(Pause, time, cancellation);
            }
        }
    }

    /// <summary>Ends it.</summary>
    /// <returns>Whether it has lasted until now; if not, what was relied on may be gone.</returns>
    public async Task<bool> EndAsync(CancellationToken cancellation)
    {
        _isEnded = true;
        await _ending.CancelAsync();
        return await _cluster.Data.ReleaseAsync(_hold, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isEnded)
        {
            try
            {
                await EndAsync(CancellationToken.None);
            }
            catch (Exception exception) when (exception is NasClusterException or TimeoutException or Orleans.Runtime.OrleansException)
            {
                // It ends by itself; what made this end early is worth more to be told.
            }
        }

        await _renewing;
        _ending.Dispose();
    }

    private async Task RenewAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(RenewalInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                try
                {
                    await _cluster.Data.RenewAsync(_hold, _ending.Token);
                }
                catch (Exception exception) when (exception is NasClusterException or TimeoutException or Orleans.Runtime.OrleansException)
                {
                    // Tried again; if it has ended for good, whoever relies on it is told in the end.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
