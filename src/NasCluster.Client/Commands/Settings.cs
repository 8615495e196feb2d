using NasCluster.Core;
using NasCluster.Specification;

namespace NasCluster.Client.Commands;

/// <summary>Keys of search.yaml given on the command line.</summary>
internal static class Settings
{
    /// <summary>What <c>--set KEY=VALUE</c> says.</summary>
    /// <exception cref="NasClusterException">It has no key or no equals sign.</exception>
    public static SpecOverride Parse(string text) => text.Split('=', 2) is [var key, var value] && key.Trim().Length > 0
        ? new SpecOverride(key.Trim(), value, $"--set {key.Trim()}")
        : throw new NasClusterException($"--set is '{text}'; it must be KEY=VALUE.");
}
