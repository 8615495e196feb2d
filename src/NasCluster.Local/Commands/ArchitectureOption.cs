using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Local.Commands;

/// <summary>Sub-networks on the command line: JSON, or <c>@</c> and a file of it.</summary>
internal static class ArchitectureOption
{
    /// <summary>The sub-network that is given.</summary>
    /// <param name="given">What stands on the command line; null for the whole network.</param>
    /// <param name="configuration">The network.</param>
    /// <exception cref="NasClusterException">It is none of the network's.</exception>
    public static Architecture Read(string? given, LlamaConfiguration configuration)
    {
        if (given is null)
        {
            return configuration.FullArchitecture;
        }

        var file = given.StartsWith('@') ? given[1..] : null;
        var json = file is null ? given : InputFile.ReadText(file);
        try
        {
            return ArchitectureJson.Read(json, configuration);
        }
        catch (NasClusterException exception)
        {
            throw new NasClusterException($"{file ?? "--architecture"}: {exception.Message}", exception);
        }
    }
}
