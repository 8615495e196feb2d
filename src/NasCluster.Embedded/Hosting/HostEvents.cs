using System.Threading.Channels;
using NasCluster.Core.Control;

namespace NasCluster.Embedded.Hosting;

/// <summary>What happens in a host, from whatever thread, in one line for its loop.</summary>
internal sealed class HostEvents(TimeProvider time)
{
    private readonly Channel<ControllerEvent> _events = Channel.CreateUnbounded<ControllerEvent>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Adds an event that happens now. After the end of the run it is dropped.</summary>
    public void Post(Func<DateTimeOffset, ControllerEvent> happened) => _events.Writer.TryWrite(happened(time.GetUtcNow()));

    /// <summary>Ends the run: once the events before it are handled, <see cref="Next"/> throws.</summary>
    public void Fail(Exception exception) => _events.Writer.TryComplete(exception);

    /// <summary>Drops whatever is posted from now on.</summary>
    public void Close() => _events.Writer.TryComplete();

    /// <summary>The next event; waits for one.</summary>
    /// <exception cref="Exception">Whatever the run failed with.</exception>
    public ControllerEvent Next()
    {
        ControllerEvent? next;
        while (!_events.Reader.TryRead(out next))
        {
            // Blocks on purpose: the loop has a thread of its own, so that observers are always called on the same one.
            _events.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult();
        }

        return next;
    }
}
