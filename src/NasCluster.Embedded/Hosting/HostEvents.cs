using System.Threading.Channels;
using NasCluster.Core.Control;

namespace NasCluster.Embedded.Hosting;

/// <summary>What happens in a host, from whatever thread, in one line for its loop.</summary>
internal sealed class HostEvents(TimeProvider time)
{
    private readonly Channel<HostEvent> _events = Channel.CreateUnbounded<HostEvent>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Adds an event that happens now. After the end of the run it is dropped.</summary>
    /// <param name="happened">Makes the event, given the time.</param>
    /// <param name="notice">What to tell the observer of it; null for nothing.</param>
    public void Post(Func<DateTimeOffset, ControllerEvent> happened, string? notice = null) =>
        _events.Writer.TryWrite(new HostEvent(happened(time.GetUtcNow()), notice));

    /// <summary>Ends the run: once the events before it are handled, <see cref="Next"/> throws.</summary>
    public void Fail(Exception exception) => _events.Writer.TryComplete(exception);

    /// <summary>Drops whatever is posted from now on.</summary>
    public void Close() => _events.Writer.TryComplete();

    /// <summary>The next event; waits for one.</summary>
    /// <exception cref="Exception">Whatever the run failed with.</exception>
    public HostEvent Next()
    {
        HostEvent next;
        while (!_events.Reader.TryRead(out next))
        {
            // Blocks on purpose: the loop has a thread of its own, so that observers are always called on the same one.
            if (!_events.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                throw new InvalidOperationException("The host's events are closed.");
            }
        }

        return next;
    }
}
