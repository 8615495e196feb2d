using NasCluster.Core;
using NasCluster.Specification;

namespace NasCluster.Local.Commands;

/// <summary>Keys of search.yaml given on the command line.</summary>
internal static class SpecOptions
{
    /// <summary>What <c>--set KEY=VALUE</c> says.</summary>
    /// <exception cref="NasClusterException">There is no key before an equals sign.</exception>
    public static SpecOverride Setting(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new SpecOverride(text[..equals].Trim(), text[(equals + 1)..], $"--set {text[..equals].Trim()}")
            : throw new NasClusterException($"--set {text}: it must be KEY=VALUE, such as --set space.depth=[3,4,5].");
    }
}
