using System.Net;
using System.Net.Sockets;

namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>Hands every connection to its port on to another port of this machine, as a port-forward does.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _accepting;
    private int _connections;

    private TcpRelay(int to)
    {
        _listener.Start();
        _accepting = AcceptAsync(to);
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections it took so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public static TcpRelay Start(int to) => new(to);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync(int to)
    {
        var relaying = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_ending.Token);
                Interlocked.Increment(ref _connections);
                relaying.Add(RelayAsync(client, to));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(relaying);
        }
    }

    private async Task RelayAsync(TcpClient client, int to)
    {
        using (client)
        {
            using var server = new TcpClient();
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, to, _ending.Token);

                // Either side hanging up ends both directions.
                await Task.WhenAny(
                    client.GetStream().CopyToAsync(server.GetStream(), _ending.Token),
                    server.GetStream().CopyToAsync(client.GetStream(), _ending.Token));
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // That connection is over; nobody else's.
            }
        }
    }
}
