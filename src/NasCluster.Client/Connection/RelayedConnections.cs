using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace NasCluster.Client.Connection;

/// <summary>Makes every connection to one address, whatever gateway it is meant for.</summary>
/// <remarks>
/// A gateway answers a client's first question, what the cluster is made of, only if the client calls it by its advertised address, or by
/// its own port on the loopback address; any other name it takes for another silo, and the client waits in vain. Behind a relay, a service
/// or a port-forward a client knows neither, so it says the loopback address and connects elsewhere.
/// </remarks>
internal sealed class RelayedConnections(IConnectionFactory connections, EndPoint relay) : IConnectionFactory
{
    public ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        connections.ConnectAsync(relay, cancellationToken);

    /// <summary>Has a client's connections made so.</summary>
    public static void Use(IServiceCollection services, EndPoint relay)
    {
        // The key under which the runtime keeps its factory is nobody's to name, so the registration is found by its type.
        var own = services.Last(s => s.IsKeyedService && s.ServiceType == typeof(IConnectionFactory));
        services.Remove(own);
        services.AddKeyedSingleton<IConnectionFactory>(
            own.ServiceKey, (provider, key) => new RelayedConnections((IConnectionFactory)own.KeyedImplementationFactory!(provider, key), relay));
    }
}
