using NasCluster.Core.Control.Hosting;
using NasCluster.Grains.Health;
using NasCluster.Silo.Hosting;

namespace NasCluster.Silo.Health;

/// <summary>Calls a grain of this silo every second: when that is not answered, nothing here is.</summary>
internal sealed class PulseTaking(IGrainFactory grains, SiloReadiness readiness, Pulse pulse, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (pulse.Silence is null)
            {
                if (!readiness.HasJoined)
                {
                    continue; // Not before it has joined; but also while it leaves, which may take long.
                }

                pulse.Beat(); // From here on it must answer, also if it never does.
            }

            try
            {
                await grains.GetGrain<IPulseGrain>(0).BeatAsync();
                pulse.Beat();
            }
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Not heard of: that is what is counted.
            }
        }
    }
}
