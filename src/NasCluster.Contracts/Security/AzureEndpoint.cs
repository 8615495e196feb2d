using System.Diagnostics.CodeAnalysis;
using NasCluster.Core;

namespace NasCluster.Contracts.Security;

/// <summary>The address of an Azure Storage service, given instead of a connection string by those who prove themselves by an identity.</summary>
public static class AzureEndpoint
{
    /// <summary>Whether a text is an address rather than a connection string.</summary>
    /// <param name="text">What was given.</param>
    /// <param name="service">The service it must be of: <c>blob</c> or <c>table</c>.</param>
    /// <param name="address">The address.</param>
    /// <exception cref="NasClusterException">It is an address, but none that can be used.</exception>
    public static bool TryParse(string text, string service, [NotNullWhen(true)] out Uri? address)
    {
        address = null;
        if (!text.Contains("://", StringComparison.Ordinal) || text.Contains('='))
        {
            // Connection strings have addresses too, behind equals signs; so have addresses with a signature, which is a secret of its own.
            return text.StartsWith("http", StringComparison.OrdinalIgnoreCase) && text.Contains("://", StringComparison.Ordinal) ? throw Refused(service) : false;
        }

        var other = service == "blob" ? "table" : "blob";
        return Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme == Uri.UriSchemeHttps && address is { PathAndQuery: "/", Fragment: "", UserInfo: "" }
            && !address.Host.Contains($".{other}.", StringComparison.OrdinalIgnoreCase)
            ? true
            : throw Refused(service);
    }

    private static NasClusterException Refused(string service) =>
        new($"must be https://ACCOUNT.{service}.core.windows.net, without path or signature, or a connection string.");
}
