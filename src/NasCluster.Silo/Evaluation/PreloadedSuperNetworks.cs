using NasCluster.Core;
using NasCluster.Grains.Evaluators;
using NasCluster.Silo.Configuration;
using NasCluster.Silo.Hosting;

namespace NasCluster.Silo.Evaluation;

/// <summary>Loads the super-networks that the silo is set up to hold, on every device, and keeps them there.</summary>
/// <remarks>One that cannot be had yet, such as one that is still being uploaded, is tried again for as long as the silo runs.</remarks>
internal sealed partial class PreloadedSuperNetworks(
    EvaluationDevices devices, SuperNetworkSettings settings, SiloReadiness readiness, TimeProvider time, ILogger<PreloadedSuperNetworks> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly List<IDisposable> _held = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval, time);
            while (readiness.Missing.Count > 0 && await timer.WaitForNextTickAsync(stoppingToken))
            {
                // Before that, the cluster's catalog cannot be asked.
                foreach (var name in readiness.HasJoined ? settings.Preload.Where(readiness.Missing.ContainsKey) : [])
                {
                    await LoadAsync(name, stoppingToken);
                }
            }

            await Task.Delay(Timeout.Infinite, stoppingToken);
        }
        finally
        {
            _held.ForEach(network => network.Dispose());
        }
    }

    private async Task LoadAsync(string name, CancellationToken cancellation)
    {
        var held = new List<IDisposable>();
        try
        {
            foreach (var device in devices.ByName.Values)
            {
                held.Add(await device.HoldAsync(name, cancellation));
            }

            _held.AddRange(held);
            readiness.Loaded(name);
        }
        catch (Exception exception)
        {
            held.ForEach(network => network.Dispose());
            if (cancellation.IsCancellationRequested)
            {
                throw;
            }

            var reason = (exception is NasClusterException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}").ReplaceLineEndings(" ");
            if (readiness.Missing.GetValueOrDefault(name) != reason)
            {
                LogNotLoaded(name, reason);
            }

            readiness.Failed(name, reason);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The super-network {Name} is to be loaded and cannot be yet: {Reason}")]
    private partial void LogNotLoaded(string name, string reason);
}
