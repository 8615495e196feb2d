using NasCluster.Specification;

namespace NasCluster.Local.Commands;

/// <summary>Keys of search.yaml given on the command line.</summary>
internal static class SpecOptions
{
    /// <summary>What <c>--set KEY=VALUE</c> says.</summary>
    /// <param name="text">As <see cref="OptionKinds.Settings"/> takes it, so with a key before an equals sign.</param>
    public static SpecOverride Setting(string text)
    {
        var (key, value) = text.Split('=', 2) is [var first, var rest] ? (first.Trim(), rest) : throw new ArgumentException("There is no '='.", nameof(text));
        return new SpecOverride(key, value, $"--set {key}");
    }
}
