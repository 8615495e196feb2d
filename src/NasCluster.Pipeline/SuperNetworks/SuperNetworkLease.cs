using NasCluster.Core.SuperNetworks;

namespace NasCluster.Pipeline.SuperNetworks;

/// <summary>The use of a super-network on a <see cref="SuperNetworkShelf"/>; dispose of it to give the network back.</summary>
public sealed class SuperNetworkLease : IDisposable
{
    private readonly ISuperNetwork _network;
    private Action? _release;

    internal SuperNetworkLease(ISuperNetwork network, Action release)
    {
        _network = network;
        _release = release;
    }

    /// <summary>The super-network. It is the shelf's: others use it too, and only the shelf disposes of it.</summary>
    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    public ISuperNetwork Network
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _release) is null, this);
            return _network;
        }
    }

    /// <summary>Gives the network back, once.</summary>
    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
