using NasCluster.Core.Control;

namespace NasCluster.Embedded.Hosting;

/// <summary>Tells the controller the time, at once and then at regular intervals.</summary>
internal sealed class Ticks : IDisposable
{
    private readonly ITimer _timer;

    public Ticks(HostEvents events, TimeProvider time, TimeSpan interval)
    {
        events.Post(at => new TickEvent(at));
        _timer = time.CreateTimer(_ => events.Post(at => new TickEvent(at)), null, interval, interval);
    }

    public void Dispose() => _timer.Dispose();
}
