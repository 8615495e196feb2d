using System.CommandLine;
using NasCluster.Client.Connection;

namespace NasCluster.Client.Commands;

/// <summary>What every command does around its own work: connect, and say on standard error what goes on.</summary>
internal static class Cluster
{
    /// <summary>Connects, runs a command, and disconnects.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        ParseResult parsed, ConnectionOptions options, CancellationToken cancellation, Func<ClusterConnection, Action<string>, Task<int>> command)
    {
        await using var cluster = await ClusterConnection.OpenAsync(options.Read(parsed), cancellation);
        return await command(cluster, message => Console.Error.WriteLine($"nasctl: {message}"));
    }
}
