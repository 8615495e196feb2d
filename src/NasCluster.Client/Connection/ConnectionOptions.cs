using System.CommandLine;
using System.Net;
using NasCluster.Core;

namespace NasCluster.Client.Connection;

/// <summary>The options that say which cluster is meant; every command has them.</summary>
internal sealed class ConnectionOptions
{
    private const string GatewayVariable = "NASCTL_GATEWAY";
    private const string DatabaseVariable = "NASCTL_POSTGRESQL";
    private const string ClusterVariable = "NASCTL_CLUSTER";
    private const string CertificateVariable = "NASCTL_TLS_CERTIFICATE";
    private const string KeyVariable = "NASCTL_TLS_KEY";
    private const string AuthorityVariable = "NASCTL_TLS_AUTHORITY";
    private const string TablesVariable = "NASCTL_AZURE_TABLES";
    private const string DefaultGateway = "127.0.0.1:30000";
    private const string DefaultCluster = "nascluster";

    private readonly Option<string?> _gateway = new("--gateway") { Description = $"HOST:PORT of a silo's gateway, or of a relay to one. Default: {GatewayVariable}, else {DefaultGateway}.", Recursive = true };
    private readonly Option<int?> _gatewayPort = new("--gateway-port") { Description = "The gateway's own port, where --gateway is a relay with another. Default: the same.", Recursive = true };
    private readonly Option<string?> _database = new("--postgresql") { Description = $"Connection string of the database in which silos find each other; their gateways are found there too. Default: {DatabaseVariable}.", Recursive = true };
    private readonly Option<string?> _tables = new("--azure-tables") { Description = $"Connection string, or https address, of the Azure Storage tables in which silos find each other. Default: {TablesVariable}.", Recursive = true };
    private readonly Option<string?> _cluster = new("--cluster") { Description = $"The cluster's name. Default: {ClusterVariable}, else {DefaultCluster}.", Recursive = true };
    private readonly Option<string?> _certificate = new("--tls-certificate") { Description = $"The client's certificate, PEM. Default: {CertificateVariable}.", Recursive = true };
    private readonly Option<string?> _key = new("--tls-key") { Description = $"Its key, PEM. Default: {KeyVariable}.", Recursive = true };
    private readonly Option<string?> _authority = new("--tls-authority") { Description = $"The authority that signed the silos' certificates, PEM. Default: {AuthorityVariable}.", Recursive = true };

    /// <summary>Adds the options to the program.</summary>
    public ConnectionOptions(Command root)
    {
        root.Add(_gateway);
        root.Add(_gatewayPort);
        root.Add(_database);
        root.Add(_tables);
        root.Add(_cluster);
        root.Add(_certificate);
        root.Add(_key);
        root.Add(_authority);
    }

    /// <summary>The cluster that was meant.</summary>
    /// <exception cref="NasClusterException">The options contradict each other or name no address.</exception>
    public ClusterAddress Read(ParseResult parsed)
    {
        var (gateway, database, tables) = (parsed.GetValue(_gateway), parsed.GetValue(_database), parsed.GetValue(_tables));
        if (gateway is null && database is null && tables is null)
        {
            (database, tables) = (Environment.GetEnvironmentVariable(DatabaseVariable), Environment.GetEnvironmentVariable(TablesVariable));
        }

        if (((string?[])[gateway, database, tables]).Count(way => way is not null) > 1)
        {
            throw new NasClusterException($"--gateway, --postgresql and --azure-tables are ways to find the cluster, as are {DatabaseVariable} and {TablesVariable}; give one.");
        }

        var isByGateway = database is null && tables is null;
        if (parsed.GetValue(_gatewayPort) is { } port && (!isByGateway || port is < 1 or > 65535))
        {
            throw new NasClusterException($"--gateway-port is {port}; it must be in [1, 65535], and --gateway must be given.");
        }

        // Those given count alone: one of the environment beside two of the command line would not belong together.
        string?[] tls = [parsed.GetValue(_certificate), parsed.GetValue(_key), parsed.GetValue(_authority)];
        if (tls.All(t => t is null))
        {
            tls = [.. new[] { CertificateVariable, KeyVariable, AuthorityVariable }.Select(Environment.GetEnvironmentVariable)];
        }

        if (tls.Any(t => t is not null) && tls.Any(t => t is null))
        {
            throw new NasClusterException("--tls-certificate, --tls-key and --tls-authority go together; give all three, or all three of their variables.");
        }

        return new ClusterAddress(
            parsed.GetValue(_cluster) ?? Environment.GetEnvironmentVariable(ClusterVariable) ?? DefaultCluster,
            isByGateway ? EndPointOf(gateway ?? Environment.GetEnvironmentVariable(GatewayVariable) ?? DefaultGateway) : null,
            database,
            tls[0] is null ? null : new ClientCertificate(tls[0]!, tls[1]!, tls[2]!),
            parsed.GetValue(_gatewayPort),
            tables);
    }

    private static IPEndPoint EndPointOf(string text)
    {
        var cut = text.LastIndexOf(':');
        if (cut <= 0 || !int.TryParse(text[(cut + 1)..], out var port) || port is < 1 or > 65535)
        {
            throw new NasClusterException($"The gateway is '{text}'; it must be HOST:PORT, such as {DefaultGateway}.");
        }

        try
        {
            var host = text[..cut].Trim('[', ']');
            var address = IPAddress.TryParse(host, out var ip) ? ip : Dns.GetHostAddresses(host).OrderBy(a => a.AddressFamily).First();
            return new IPEndPoint(address, port);
        }
        catch (Exception exception) when (exception is System.Net.Sockets.SocketException or InvalidOperationException)
        {
            throw new NasClusterException($"The gateway is '{text}'; there is no such host.", exception);
        }
    }
}

/// <summary>Which cluster, and how to get there.</summary>
/// <param name="Cluster">Its name.</param>
/// <param name="Gateway">A gateway; null when they are found in the database or the tables.</param>
/// <param name="Database">The database; null when there is another way.</param>
/// <param name="Certificate">What the client proves itself with; null for plain connections.</param>
/// <param name="GatewayPort">The gateway's own port; null when it is that of <paramref name="Gateway"/>, which may be a relay.</param>
/// <param name="Tables">The Azure Storage tables, by connection string or address; null when there is another way.</param>
internal sealed record ClusterAddress(
    string Cluster, IPEndPoint? Gateway, string? Database, ClientCertificate? Certificate, int? GatewayPort = null, string? Tables = null);

/// <summary>PEM files of a client.</summary>
internal sealed record ClientCertificate(string Certificate, string Key, string Authority);
