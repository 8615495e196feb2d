using NasCluster.Testing;

namespace NasCluster.Specification.Tests;

/// <summary>The example files beside the tests.</summary>
internal static class Examples
{
    internal static IEnumerable<string> Files =>
        Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "tests", "NasCluster.Specification.Tests", "Examples")).Order(StringComparer.Ordinal);

    internal static string Text(string name) => File.ReadAllText(Files.Single(f => Path.GetFileName(f) == name));
}
