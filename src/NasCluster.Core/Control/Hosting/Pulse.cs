namespace NasCluster.Core.Control.Hosting;

/// <summary>Tells a host that works from one that hangs: the host must be heard of often enough.</summary>
/// <remarks>Safe to use from any thread.</remarks>
/// <param name="longest">How long it may say nothing.</param>
/// <param name="time">The clock.</param>
public sealed class Pulse(TimeSpan longest, TimeProvider time)
{
    private const long Never = long.MinValue;

    private long _last = Never;

    /// <summary>How long ago it was heard of; null before the first time, when it may still wait for others.</summary>
    public TimeSpan? Silence => Interlocked.Read(ref _last) is var last and not Never ? time.GetElapsedTime(last) : null;

    /// <summary>Whether it was heard of once, and then not for too long.</summary>
    public bool IsLost => Silence > longest;

    /// <summary>It was heard of.</summary>
    public void Beat() => Interlocked.Exchange(ref _last, time.GetTimestamp());
}
