using System.Net.Sockets;
using Azure;
using Azure.Identity;
using Npgsql;

namespace NasCluster.Silo.Hosting;

/// <summary>What keeps a silo from starting that is no defect of it: a server that does not answer, or refuses.</summary>
internal static class StartFailure
{
    /// <summary>The cause in one line; null when it is something else.</summary>
    public static string? Of(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause is AggregateException { InnerExceptions: [.., var last] } ? last : cause.InnerException)
        {
            if (cause is RequestFailedException or AuthenticationFailedException or NpgsqlException or SocketException)
            {
                // Azure's messages go on for pages; the log has them.
                return $"The silo cannot start: {cause.Message.Split('\n')[0].Trim()}";
            }
        }

        return null;
    }
}
